// Keeps the drawing in this tab of the browser, so that it survives a reload, and hands it to a page that asks for it.

const KEY = "digit-reader.drawing";
const LINK_PARAMETER = "d";
const STREAMLIT_MAY_RESTORE_IT_WITHIN_MS = [0, 500, 1500, 4000]; // by a run of the page that began before it was removed

function storage() {
  try {
    return window.sessionStorage; // denied where the browser blocks all storage
  } catch {
    return null;
  }
}

function keep(packed) {
  try {
    if (packed) storage()?.setItem(KEY, packed);
    else storage()?.removeItem(KEY);
  } catch {
    // full: the drawing isn't kept
  }
}

// The page has opened the drawing of the link; after a reload it shall show what is drawn then.
function removeLinkFromAddress() {
  const address = new URL(location.href);
  if (!address.searchParams.has(LINK_PARAMETER)) return;
  address.searchParams.delete(LINK_PARAMETER);
  history.replaceState(history.state, "", address);
}

export default function ({ data, parentElement, setStateValue }) {
  STREAMLIT_MAY_RESTORE_IT_WITHIN_MS.forEach((delayMs) => setTimeout(removeLinkFromAddress, delayMs));
  const kept = storage()?.getItem(KEY);
  if (data.asks && kept && !parentElement.isAnswered) {
    parentElement.isAnswered = true;
    document.querySelector(data.canvas)?.dispatchEvent(new Event("hold-pen"));
    setStateValue("kept", kept);
  } else if (data.packed || !data.asks) {
    keep(data.packed);
  }
}
