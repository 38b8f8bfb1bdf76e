// Announces a text to screen readers: they report changes of a live region that is already on the page.

const DELAY_MS = 500; // so that of several strokes in a row only the last answer is announced

export default function ({ parentElement, data }) {
  clearTimeout(parentElement.timer);
  parentElement.timer = setTimeout(() => {
    const region = parentElement.querySelector("[role=status]");
    if (region && region.textContent !== data.text) region.textContent = data.text;
  }, DELAY_MS);
  return () => clearTimeout(parentElement.timer);
}
