// Shows frames one after another, in a dialog over the whole window.
export default function ({ parentElement, data }) {
  const dialog = parentElement.querySelector("dialog");
  dialog.ariaLabel = data.name;
  dialog.innerHTML = data.html;
  const [frames, buttons] = dialog.children;
  const [previous, play, next, leave] = buttons.children;
  const last = frames.children.length - 1;
  let step = 0;
  let timer;
  const setPlaying = (isPlaying) => {
    clearInterval(timer);
    timer = isPlaying && setInterval(() => show(step + 1, step + 1 < last), 1000);
    frames.ariaLive = isPlaying ? "off" : "polite";
  };
  const show = (wanted, isPlaying) => {
    step = Math.min(Math.max(wanted, 0), last);
    [...frames.children].forEach((frame, index) => frame.toggleAttribute("data-shown", index === step));
    if (isPlaying !== Boolean(timer)) setPlaying(isPlaying);
  };
  previous.onclick = () => show(step - 1, false);
  next.onclick = () => show(step + 1, false);
  play.onclick = () => show(step === last ? 0 : step, !timer);
  leave.onclick = () => dialog.close();
  dialog.onkeydown = ({ key, target }) => ({ ArrowLeft: previous, ArrowRight: next, " ": target === dialog && play })[key]?.click?.();
  dialog.onclose = () => document.querySelector(data.leave)?.click();
  if (!dialog.open) dialog.showModal();
  play.focus();
  show(0, !matchMedia("(prefers-reduced-motion: reduce)").matches);
  return () => clearInterval(timer);
}
