// Translates the texts that Streamlit's camera and file chooser have in English only, whenever Streamlit writes them.
const WIDGETS = '[data-testid="stCameraInput"], [data-testid="stFileUploader"]';

export default function ({ parentElement, data }) {
  const translate = () => {
    for (const widget of document.querySelectorAll(WIDGETS)) {
      const texts = document.createTreeWalker(widget, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        const english = text.data.trim();
        if (Object.hasOwn(data.texts, english)) text.data = text.data.replace(english, data.texts[english]);
      }
    }
  };
  parentElement.observer?.disconnect();
  parentElement.observer = new MutationObserver(translate);
  parentElement.observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  translate();
  return () => parentElement.observer.disconnect();
}
