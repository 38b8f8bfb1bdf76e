// Shows the answer while a stroke is drawn: asks the API, at most ten times a second. The page's own answer replaces it.

const ENDPOINT = "api/v1/strokes"; // relative to the page
const MIN_INTERVAL_MS = 100;
const MAX_PAUSE_MS = 500; // the first answer takes longer, as it starts a process
const LONGEST_WAIT_MS = 4000; // for the page's own answer

const LEAST_WIDTH = 1e-6; // of a bar, so that it can be lengthened
const LEAST_CHANGE_PX = 1;

let isOff = false; // until the page is loaded again: the API can't be reached, or has refused
const answers = new WeakMap(); // by the parent element of the component

// Lengthens and shortens the bars of the chart, by styles that override what the chart has drawn and still draws.
class Chart {
  changed = []; // bars and figures

  show({ probabilities, label }) {
    this.restore();
    const marks = (kind) => [...document.querySelectorAll(`.st-key-probability-chart svg.marks .mark-${kind}.role-mark > *`)];
    const [bars, figures] = [marks("rect"), marks("text")];
    if (bars.length !== probabilities.length || figures.length !== bars.length) return;
    const widths = bars.map((bar) => Number(/h([\d.e-]+)/.exec(bar.getAttribute("d"))?.[1]) || LEAST_WIDTH);
    const fullWidth = widths.reduce((sum, width) => sum + width); // of a probability of 1, to which they add up
    const read = bars.findIndex((bar) => bar.getAttribute("opacity") === "1");
    probabilities.forEach((probability, digit) => {
      const width = probability * fullWidth;
      if (Math.abs(width - widths[digit]) < LEAST_CHANGE_PX) return;
      this.style(bars[digit], { transform: `scaleX(${width / widths[digit]})` });
      this.style(figures[digit], { opacity: 0 }); // it has the probability of the page's own answer
    });
    if (read >= 0 && read !== label) {
      for (const [bar, like] of [[bars[label], bars[read]], [bars[read], bars[label]]]) {
        this.style(bar, { fill: like.getAttribute("fill"), opacity: like.getAttribute("opacity") });
      }
    }
  }

  style(mark, style) {
    Object.assign(mark.style, style);
    this.changed.push(mark);
  }

  restore() {
    this.changed.forEach((mark) => ["transform", "fill", "opacity"].forEach((name) => mark.style.removeProperty(name)));
    this.changed = [];
  }
}

class LiveAnswer {
  constructor(parentElement) {
    this.text = parentElement.querySelector("p");
    this.chart = new Chart();
    this.finished = []; // strokes that the page's script hasn't read yet
    this.points = null; // of the stroke that is being drawn
    this.isWaiting = false; // for the page's own answer
    this.earliestMs = 0; // of the next request
    this.stop = new AbortController();
    const listen = (type, listener) => addEventListener(type, listener, { capture: true, passive: true, signal: this.stop.signal });
    listen("pointerdown", (event) => this.begin(event));
    listen("pointermove", (event) => this.extend(event));
    listen("pointerup", (event) => this.end(event));
    listen("pointercancel", (event) => this.end(event));
  }

  // The page's script has run: its own answer is the newest, except for strokes that it hasn't read yet.
  update(data) {
    const isSameCanvas = this.data?.generation === data.generation;
    this.finished.splice(0, isSameCanvas ? Math.max(data.strokes.length - this.data.strokes.length, 0) : Infinity);
    this.data = data;
    this.resume();
  }

  resume() {
    this.isWaiting = this.finished.length > 0;
    this.hide();
    this.ask();
  }

  begin(event) {
    const frame = document.querySelector(this.data.canvas);
    const isOnCanvas = frame && event.isPrimary && event.button === 0 && event.composedPath().includes(frame);
    if (!isOnCanvas || isOff || !this.data.isPossible || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    Object.assign(this, { points: [], pointerId: event.pointerId, area: frame.getBoundingClientRect() });
    this.extend(event);
  }

  extend(event) {
    if (!this.points || event.pointerId !== this.pointerId) return;
    const { left, top, width, height } = this.area;
    const [x, y] = [((event.clientX - left) / width) * this.data.width, ((event.clientY - top) / height) * this.data.height];
    this.points.push([Math.round(10 * x) / 10, Math.round(10 * y) / 10]);
    this.ask();
  }

  end(event) {
    if (!this.points || event.pointerId !== this.pointerId) return;
    this.finished.push({ points: this.points });
    this.points = null;
    this.isWaiting = true;
    this.cancel();
    clearTimeout(this.giveUp);
    this.giveUp = setTimeout(() => {
      this.finished = [];
      this.resume();
    }, LONGEST_WAIT_MS);
  }

  ask() {
    if (!this.points || this.isWaiting || this.request || isOff) return;
    this.request = new AbortController();
    this.timer = setTimeout(() => this.send(this.request), Math.max(this.earliestMs - performance.now(), 0));
  }

  async send(request) {
    const [startMs, count] = [performance.now(), this.points.length];
    try {
      const reading = await this.read(request.signal);
      if (!request.signal.aborted) this.show(reading);
    } catch {
      if (request.signal.aborted) return;
      isOff = true;
      this.hide();
    }
    if (request.signal.aborted) return;
    this.request = null;
    const [endMs, pauseMs] = [performance.now(), Math.min(performance.now() - startMs, MAX_PAUSE_MS)]; // a busy server is asked less often
    this.earliestMs = Math.max(startMs + MIN_INTERVAL_MS, endMs + pauseMs);
    if (this.points?.length > count) this.ask();
  }

  async read(signal) {
    const { width, height, strokes, profile } = this.data;
    const response = await fetch(new URL(ENDPOINT, location.href), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ width, height, strokes: [...strokes, ...this.finished, { points: this.points }], profile }),
      signal,
    });
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  }

  show({ status, numbers, digits }) {
    const lines = numbers.map((line) => line.map((number) => number.text).join(" ")).filter(Boolean);
    if (status !== "ok" || !lines.length) return this.hide();
    this.text.textContent = lines.join("\n");
    this.text.style = `--characters: ${Math.max(...lines.map((line) => line.length))}; --lines: ${lines.length}`;
    const cards = [...document.querySelectorAll(`${this.data.details} .mark-card`)];
    const chosen = digits[cards.findIndex((card) => card.getAttribute("aria-pressed") === "true")];
    if (chosen?.accepted) this.chart.show(chosen);
    this.mark(true);
  }

  hide() {
    this.chart.restore();
    this.mark(false);
  }

  mark(isShown) {
    document.querySelector(this.data.stage)?.toggleAttribute("data-live", isShown);
  }

  cancel() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = null;
  }

  dispose() {
    this.stop.abort();
    this.cancel();
    clearTimeout(this.giveUp);
    this.hide();
  }
}

export default function ({ data, parentElement }) {
  if (!answers.has(parentElement)) answers.set(parentElement, new LiveAnswer(parentElement));
  answers.get(parentElement).update(data);
  return () => {
    answers.get(parentElement)?.dispose();
    answers.delete(parentElement);
  };
}
