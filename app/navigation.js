// Marks the links of the navigation for screen readers, sets the language of the document, and keeps the browser's history short.
export default function ({ parentElement, data }) {
  replaceQueries();
  document.documentElement.lang = data.language;
  const navigation = document.querySelector(".st-key-navigation");
  if (!navigation) return;
  navigation.setAttribute("role", "navigation");
  navigation.setAttribute("aria-label", data.label);

  const mark = () =>
    navigation.querySelectorAll(".stPageLink").forEach((item, position) =>
      item.querySelectorAll("a").forEach((link) => {
        if (position === data.current) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
        // The first page has an empty address, which a browser resolves to that of the current page.
        if (position === 0) link.setAttribute("href", `.${data.query}`);
      }),
    );
  parentElement.observer?.disconnect();
  parentElement.observer = new MutationObserver(mark); // links appear one by one
  parentElement.observer.observe(navigation, { childList: true, subtree: true });
  mark();
  return () => parentElement.observer.disconnect();
}

// Streamlit adds an entry to the history for every change of `st.query_params`. From here on, an address that differs from the current one
// by its query alone replaces the current entry.
function replaceQueries() {
  if (Object.hasOwn(history, "pushState")) return;
  history.pushState = (state, title, url) => {
    const next = new URL(url ?? "", location.href);
    const isSamePage = next.pathname === location.pathname && next.hash === location.hash;
    const change = isSamePage ? History.prototype.replaceState : History.prototype.pushState;
    change.call(history, state, title, url);
  };
}
