// Replaces the query of the page's address without a further entry in the browser's history, and reports that to the page.

export default function ({ parentElement, data, setStateValue }) {
  const embedding = [...new URLSearchParams(location.search)].filter(([name]) => /^embed(_options)?$/i.test(name));
  const query = [new URLSearchParams(embedding).toString(), data.query].filter(Boolean).join("&");
  if (location.search.slice(1) === query || parentElement.generation === data.generation) return;
  parentElement.generation = data.generation;
  history.replaceState(history.state, "", location.pathname + (query && `?${query}`));
  setStateValue("generation", data.generation);
}
