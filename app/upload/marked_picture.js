// Shows a picture with a button over each mark. A click chooses the mark's card, which shows its details.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export default function ({ parentElement, data }) {
  const frame = parentElement.querySelector(".marked-picture");
  const image = frame.querySelector("img");
  if (image.getAttribute("src") !== data.image) image.src = data.image;
  image.alt = data.alt;
  frame.setAttribute("aria-label", data.name);
  frame.querySelectorAll("button").forEach((each) => each.remove());
  const buttons = data.marks.map(({ name, left, top, width, height }, index) => {
    const button = Object.assign(document.createElement("button"), { type: "button", title: name });
    button.setAttribute("aria-label", name);
    button.style.cssText = `left: ${left}%; top: ${top}%; width: ${width}%; height: ${height}%`;
    button.onclick = () => {
      choose(index);
      document.querySelectorAll(`${data.cards} button`)[index]?.click();
    };
    frame.append(button);
    return button;
  });
  const choose = (chosen) =>
    buttons.forEach((each, index) => {
      each.setAttribute("aria-pressed", index === chosen);
      each.tabIndex = index === chosen ? 0 : -1;
    });
  choose(data.chosen);
  frame.onkeydown = (event) => {
    const next = buttons[buttons.indexOf(event.target) + (STEPS[event.key] ?? 0)];
    if (!(event.key in STEPS) || !next) return;
    event.preventDefault();
    next.focus();
  };
}
