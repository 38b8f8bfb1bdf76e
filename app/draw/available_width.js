// Reports the width of a container to the page, again after every change, and hides the canvas's own toolbar.

const STYLE_RETRY_MS = 50;
const RESIZE_DEBOUNCE_MS = 250;
const TOOLBAR_RETRY_MS = 50;
const TOOLBAR_RETRIES = 40;

export default function ({ parentElement, data, setStateValue }) {
  const container = document.querySelector(data.container);
  if (!container) return;

  const reportAfter = (delayMs) => {
    clearTimeout(parentElement.timer);
    parentElement.timer = setTimeout(report, delayMs);
  };
  const report = () => {
    // Before the app's own style sheet is loaded, the container has another width.
    if (!getComputedStyle(container).getPropertyValue("--digits-style")) return reportAfter(STYLE_RETRY_MS);
    const width = Math.floor(container.clientWidth);
    if (width > 0 && width !== parentElement.reportedWidth) setStateValue("width", (parentElement.reportedWidth = width));
  };
  parentElement.observer?.disconnect();
  parentElement.observer = new ResizeObserver(() => {
    reportAfter(parentElement.wasObserved ? RESIZE_DEBOUNCE_MS : 0);
    parentElement.wasObserved = true;
  });
  parentElement.observer.observe(container);

  // The toolbar appears only under a mouse, and repeats in icons what the page's buttons say in words.
  const hideToolbars = (retries) => {
    const roots = [...container.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean);
    const toolbars = roots.map((root) => root.querySelector(".dc-toolbar")).filter(Boolean);
    toolbars.forEach((toolbar) => (toolbar.style.display = "none"));
    if (retries > 0) setTimeout(hideToolbars, TOOLBAR_RETRY_MS, retries - 1);
  };
  hideToolbars(TOOLBAR_RETRIES);

  return () => {
    clearTimeout(parentElement.timer);
    parentElement.observer.disconnect();
  };
}
