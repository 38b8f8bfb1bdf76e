// Adds a style sheet to the player's frame, and the page's font, which a frame doesn't inherit.
export default function ({ parentElement, data }) {
  const container = document.querySelector(data.container);
  if (!container) return;

  const absolute = (rule) =>
    rule.cssText.replace(/url\("([^"]+)"\)/g, (_, url) => `url("${new URL(url, rule.parentStyleSheet.href ?? document.baseURI)}")`);
  const fontRules = () =>
    [...document.styleSheets]
      .flatMap((sheet) => [...sheet.cssRules])
      .filter((rule) => rule instanceof CSSFontFaceRule && rule.cssText.includes("Source Sans"))
      .map(absolute);

  const addStyle = ({ contentDocument: frame }) => {
    if (!frame?.head || frame.querySelector("style[data-digits]")) return;
    const style = frame.createElement("style");
    style.dataset.digits = "";
    style.textContent = [...fontRules(), data.rules].join("\n");
    frame.head.append(style);
  };
  const styleFrames = () => {
    for (const frame of container.querySelectorAll("iframe")) {
      frame.onload = () => addStyle(frame);
      addStyle(frame);
    }
  };
  parentElement.observer?.disconnect();
  parentElement.observer = new MutationObserver(styleFrames);
  parentElement.observer.observe(container, { childList: true, subtree: true });
  styleFrames();

  return () => parentElement.observer.disconnect();
}
