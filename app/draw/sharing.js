// Copies the link to a drawing, or opens the device's own sheet for sharing. Where the clipboard is denied, shows the link to be copied by hand.

const LINK_PARAMETER = "d";
const CONFIRMED_FOR_MS = 2500;

function linkTo(packed) {
  const link = new URL(location.href);
  link.searchParams.set(LINK_PARAMETER, packed);
  link.searchParams.delete("present");
  link.hash = "";
  return link.href;
}

export default function ({ data, parentElement }) {
  const [copy, share, field, label] = ["copy", "share", "link", "label"].map((name) => parentElement.querySelector(`.${name}`));
  const status = parentElement.querySelector("[role=status]");
  for (const [button, name] of [[copy, data.copy], [share, data.share]]) {
    button.setAttribute("aria-label", name);
    button.title = name;
  }
  label.textContent = data.label;
  label.parentElement.hidden = true;
  share.hidden = !navigator.share;
  const showLink = (link) => {
    label.parentElement.hidden = false;
    field.value = link;
    field.focus();
    field.select();
  };
  copy.onclick = async () => {
    const link = linkTo(data.packed);
    try {
      await navigator.clipboard.writeText(link);
      status.textContent = data.copied;
      setTimeout(() => (status.textContent = ""), CONFIRMED_FOR_MS);
    } catch {
      showLink(link);
    }
  };
  share.onclick = async () => {
    const link = linkTo(data.packed);
    try {
      await navigator.share({ title: data.title, url: link });
    } catch (error) {
      if (error.name !== "AbortError") showLink(link);
    }
  };
}
