// Marks the links of the navigation for screen readers, and sets the language of the document.
export default function ({ parentElement, data }) {
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
