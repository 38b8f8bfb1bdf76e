// Fits the canvas into its frame, names it for screen readers, knows the keyboard's shortcuts, and loses no stroke while the canvas is replaced.

const FIT = new CSSStyleSheet();
FIT.replaceSync(`
  .dc-root, .dc-scroll, .dc-container, .canvas-container, canvas {
    width: var(--sheet-width) !important; height: var(--sheet-height) !important; max-width: none; overflow: hidden;
  }
  .dc-root { mix-blend-mode: difference; } /* with the background of the frame: white chalk in the dark theme */
  .dc-canvas { outline: none; }
  .dc-toolbar { display: none !important; } /* the page has buttons of its own */
`);
const UPRIGHT_PHONE = "(max-width: 640px) and (orientation: portrait)";
const FRAME_MS = 16;
const CANVAS_SENDS_AFTER_MS = 350; // it waits for 200 ms after a stroke
const CANVAS_IS_READY_AFTER_MS = 100; // it first loads its drawing
const LONGEST_HOLD_MS = 4000;

const pages = new WeakMap(); // the state of each sheet, by the parent element of its component

function shadowRoots(element) {
  return [...element.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean);
}

class Sheet {
  constructor(parentElement) {
    this.parentElement = parentElement;
    this.strokes = []; // those that began while the canvas was held, and the one that is being drawn; each a list of pointer events
    this.heldSince = null;
    this.lastStrokeMs = 0;
    this.stop = new AbortController();
    const listen = (types, listener) =>
      types.forEach((type) => addEventListener(type, listener, { capture: true, passive: false, signal: this.stop.signal }));
    listen(["pointerdown", "pointermove", "pointerup", "pointercancel"], (event) => this.record(event));
    listen(["mousedown", "touchstart"], (event) => this.block(event));
    listen(["click"], (event) => this.onClick(event));
    listen(["keydown"], (event) => this.onKey(event));
    this.media = matchMedia(UPRIGHT_PHONE);
    this.media.addEventListener("change", () => this.reportShape(), { signal: this.stop.signal });
  }

  update({ data, setStateValue }) {
    const isReplaced = this.data && this.data.generation !== data.generation;
    Object.assign(this, { data, setStateValue, shape: this.shape ?? data.shape });
    this.findFrame();
    if (isReplaced) {
      this.replaced = this.canvas;
      this.frame?.removeAttribute("data-touched");
    }
    this.waitForCanvas();
    this.reportShape();
  }

  // The canvas's container may appear after this component, and be replaced by another.
  findFrame() {
    const frame = document.querySelector(`.st-key-${this.data.name}-canvas`);
    if (frame === this.frame) return;
    this.frame = frame;
    frame?.addEventListener("hold-pen", () => this.hold(), { signal: this.stop.signal });
  }

  // The canvas appears, or takes the place of another, some frames after the page's script has run.
  waitForCanvas() {
    clearTimeout(this.waiting);
    this.findFrame();
    const [root] = this.frame ? shadowRoots(this.frame).filter((each) => each.querySelector(".canvas-root")) : [];
    if (root && !root.adoptedStyleSheets.includes(FIT)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, FIT];
    const canvas = root?.querySelector(".upper-canvas");
    if (!canvas || canvas === this.replaced) {
      this.waiting = setTimeout(() => this.waitForCanvas(), FRAME_MS);
      return;
    }
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.data.label);
    this.canvas = canvas;
    if (this.replaced) this.waiting = setTimeout(() => this.release(true), CANVAS_IS_READY_AFTER_MS);
  }

  reportShape() {
    const shape = this.media.matches ? "narrow" : "wide";
    if (shape !== this.shape) this.setStateValue("shape", (this.shape = shape));
  }

  isOnCanvas(event) {
    return Boolean(this.frame) && event.composedPath().includes(this.frame);
  }

  record(event) {
    if (event.type === "pointerdown" && this.isOnCanvas(event)) {
      this.frame.dataset.touched = "";
      if (this.heldSince === null) this.strokes = [];
      this.strokes.push({ id: event.pointerId, events: [event], isHeld: this.heldSince !== null, isDown: true });
      return;
    }
    const stroke = this.strokes.find((each) => each.isDown && each.id === event.pointerId);
    if (!stroke) return;
    stroke.events.push(event);
    stroke.isDown = event.type === "pointermove";
    if (!stroke.isDown) this.lastStrokeMs = performance.now();
    if (stroke.isForwarded) this.send(stroke.isDown ? "mousemove" : "mouseup", event);
  }

  block(event) {
    if (this.heldSince === null || !event.isTrusted || !this.isOnCanvas(event)) return;
    event.stopImmediatePropagation();
    if (event.cancelable) event.preventDefault();
  }

  button(action) {
    return document.querySelector(`.st-key-${this.data.name}_${action} button:not(:disabled)`);
  }

  // A click replaces the canvas. It waits until the last stroke is sent, which would be missing on the new canvas.
  onClick(event) {
    const button = event.target.closest?.(`[class*="st-key-${this.data.name}_"] button`);
    const isReplacing = button && ["undo", "redo", "clear", "try", "next"].some((action) => button.closest(`[class*="st-key-${this.data.name}_${action}"]`));
    if (!isReplacing) return;
    const waitMs = CANVAS_SENDS_AFTER_MS - (performance.now() - this.lastStrokeMs);
    if (this.heldSince === null && waitMs > 0) {
      event.stopImmediatePropagation();
      event.preventDefault();
      setTimeout(() => button.isConnected && button.click(), waitMs);
    }
    this.hold();
  }

  onKey(event) {
    const isTyping = event.target.closest?.("input, textarea, [contenteditable=true]");
    if (isTyping || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    const action = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" && !event.shiftKey ? "redo" : null;
    if (!action) return;
    event.preventDefault();
    this.button(action)?.click();
  }

  hold() {
    if (this.heldSince !== null) return;
    this.heldSince = performance.now();
    this.strokes = this.strokes.filter((each) => each.isDown);
    clearTimeout(this.holding);
    this.holding = setTimeout(() => this.release(false), LONGEST_HOLD_MS);
  }

  // Draws on the canvas what was drawn since it is held; on a new one also the stroke that was being drawn then.
  release(isNew) {
    if (isNew) this.replaced = null;
    if (this.heldSince === null) return;
    clearTimeout(this.holding);
    this.heldSince = null;
    for (const stroke of this.strokes.filter((each) => each.isHeld || isNew)) {
      stroke.events.forEach((event, index) => this.send(index === 0 ? "mousedown" : "mousemove", event));
      if (!stroke.isDown) this.send("mouseup", stroke.events.at(-1));
      stroke.isForwarded = stroke.isDown && stroke.events[0].pointerType !== "mouse";
    }
    this.strokes = this.strokes.filter((each) => each.isDown);
  }

  send(type, { clientX, clientY }) {
    const target = type === "mousedown" ? this.canvas : document;
    const buttons = type === "mouseup" ? 0 : 1;
    target?.dispatchEvent(new MouseEvent(type, { clientX, clientY, buttons, bubbles: true, cancelable: true, composed: true, view: window }));
  }

  dispose() {
    this.stop.abort();
    clearTimeout(this.waiting);
    clearTimeout(this.holding);
  }
}

export default function (component) {
  const { parentElement } = component;
  if (!pages.has(parentElement)) pages.set(parentElement, new Sheet(parentElement));
  pages.get(parentElement).update(component);
  return () => {
    pages.get(parentElement)?.dispose();
    pages.delete(parentElement);
  };
}
