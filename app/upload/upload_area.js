// Takes files from a button, the clipboard and by dropping them anywhere on the page, for Streamlit's uploader, whose texts are in English
// only. It is shown if an upload takes long, with the progress of each file.

const SLOW_UPLOAD_MS = 8000;
const DROP_ZONE = ":has(> input[type=file])"; // of this area, and of any other uploader on the page
const TEXT_FIELDS = "input, textarea, [contenteditable]";

// Lists the files of a dropped folder, and of those inside it.
const filesOf = async (entry) => {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return files;
    for (const each of entries) files.push(...(await filesOf(each)));
  }
};

const droppedFiles = async ({ items, files }) => {
  const entries = [...items].map((item) => item.kind === "file" && item.webkitGetAsEntry()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...files];
  return (await Promise.all(entries.map(filesOf))).flat();
};

export default function ({ parentElement, data }) {
  const [button, hint, message] = ["button", ".upload-hint", ".upload-message"].map((each) => parentElement.querySelector(each));
  const input = parentElement.querySelector("input");
  const uploader = document.querySelector(data.uploader);
  button.textContent = data.button;
  hint.textContent = matchMedia("(pointer: coarse)").matches ? data.touchHint : data.hint;

  const say = (text, kind) => Object.assign(message, { textContent: text, className: `upload-message ${kind}` });
  const showProgress = () => {
    clearTimeout(parentElement.slow);
    parentElement.slow = setTimeout(() => uploader.classList.add("is-slow"), SLOW_UPLOAD_MS);
    say(data.uploading, "is-busy");
  };
  if (parentElement.generation !== data.generation) {
    clearTimeout(parentElement.slow);
    uploader.classList.remove("is-slow");
    if (message.classList.contains("is-busy")) say("", "");
    parentElement.generation = data.generation;
  }

  const hand = (files) => {
    const fitting = files.filter((file) => file.size <= data.maxBytes);
    const large = files.find((file) => file.size > data.maxBytes);
    if (fitting.length) {
      const transfer = new DataTransfer();
      fitting.forEach((file) => transfer.items.add(file));
      const target = uploader.querySelector("input[type=file]");
      target.files = transfer.files;
      target.dispatchEvent(new Event("change", { bubbles: true }));
      showProgress();
    }
    if (large) say(data.tooLarge.replace("{name}", large.name), "is-error");
  };

  button.onclick = () => {
    if (!data.folder) return input.click();
    const folder = uploader.querySelector("input[type=file]");
    folder.addEventListener("change", showProgress, { once: true });
    folder.click();
  };
  input.onchange = () => {
    hand([...input.files]);
    input.value = "";
  };

  parentElement.listeners?.abort();
  parentElement.listeners = new AbortController();
  const listen = (name, act) => document.addEventListener(name, act, { signal: parentElement.listeners.signal });
  const isForAnother = (event) => ![null, undefined, button.parentElement].includes(event.target.closest?.(DROP_ZONE));
  let isOwnPicture = false;
  listen("dragstart", () => (isOwnPicture = true));
  listen("dragend", () => (isOwnPicture = false));
  listen("dragover", (event) => {
    if (isOwnPicture || isForAnother(event)) return;
    event.preventDefault();
    button.parentElement.classList.add("is-target");
  });
  listen("dragleave", (event) => event.relatedTarget || button.parentElement.classList.remove("is-target"));
  listen("drop", async (event) => {
    button.parentElement.classList.remove("is-target");
    if (isOwnPicture || isForAnother(event)) return;
    event.preventDefault();
    const address = event.dataTransfer.getData("text/uri-list");
    const files = await droppedFiles(event.dataTransfer);
    if (files.length) return hand(files);
    if (address) say(data.noFile, "is-error");
  });
  listen("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || event.target.closest?.(TEXT_FIELDS)) return;
    event.preventDefault();
    hand(files);
  });
  return () => {
    clearTimeout(parentElement.slow);
    parentElement.listeners.abort();
  };
}
