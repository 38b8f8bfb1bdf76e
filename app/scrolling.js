// Scrolls the page to an element, again while what is below it loads, until the visitor does anything.

const DELAYS_MS = [0, 200, 600, 1500];
const INPUTS = ["wheel", "touchstart", "pointerdown", "keydown"];

export default function ({ parentElement, data }) {
  if (parentElement.hasScrolled) return;
  parentElement.hasScrolled = true;
  const scroll = () => document.querySelector(data.target)?.scrollIntoView({ block: "start" });
  const timers = DELAYS_MS.map((delay) => setTimeout(scroll, delay));
  const stop = () => timers.forEach(clearTimeout);
  INPUTS.forEach((input) => addEventListener(input, stop, { once: true, passive: true, capture: true }));
  return stop;
}
