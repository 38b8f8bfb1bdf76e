// Renders the marks as cards, each a button, and reports which one is clicked. Cards are changed in place, so that nothing flickers.

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

const element = (name, className) => Object.assign(document.createElement(name), { className });

// Returns the child at an index, made if it is missing.
const childAt = (parent, index, make) => parent.children[index] ?? parent.appendChild(make());

const keepFirst = (parent, count) => {
  while (parent.children.length > count) parent.lastElementChild.remove();
};

const setAttributes = (target, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
  }
};

const setText = (target, text) => {
  if (target.textContent !== text) target.textContent = text;
};

const makeLine = () => {
  const line = element("div", "mark-line");
  line.append(element("div", "mark-title"), element("div", "mark-row"));
  return line;
};

const makeCard = () => {
  const card = element("button", "mark-card");
  card.type = "button";
  card.append(element("img", ""), element("span", "mark-label"), element("span", "mark-note"));
  return card;
};

const renderCard = (card, { name, chosen, kind, image, alt, label, correction, note }) => {
  const [picture, text, small] = card.children;
  setAttributes(card, { "aria-label": name, "aria-pressed": chosen, "data-kind": kind, tabindex: chosen ? 0 : -1 });
  setAttributes(picture, { src: image, alt });
  setText(small, note);
  if (correction === null) return setText(text, label);
  const [deleted, inserted] = [element("del", ""), element("ins", "")];
  deleted.textContent = label;
  inserted.textContent = correction;
  text.replaceChildren(...(correction ? [deleted, inserted] : [deleted]));
};

export default function ({ parentElement, data, setStateValue }) {
  const toolbar = parentElement.querySelector(".mark-cards");
  setAttributes(toolbar, { "aria-label": data.name });
  keepFirst(toolbar, data.lines.length);
  data.lines.forEach((line, lineIndex) => {
    const group = childAt(toolbar, lineIndex, makeLine);
    const [title, row] = group.children;
    setAttributes(group, { role: "group", "aria-label": line.name });
    setText(title, line.name);
    title.hidden = data.lines.length < 2;
    keepFirst(row, line.cards.length);
    line.cards.forEach((card, index) => {
      const button = childAt(row, index, makeCard);
      renderCard(button, card);
      button.onclick = () => {
        buttons.forEach((each) => setAttributes(each, { "aria-pressed": each === button }));
        setStateValue("clicked", { picture: data.picture, box: card.box });
      };
    });
  });
  const buttons = [...toolbar.querySelectorAll("button")];
  toolbar.onkeydown = (event) => {
    const index = buttons.indexOf(event.target) + (STEPS[event.key] ?? 0);
    if (!(event.key in STEPS) || !buttons[index]) return;
    event.preventDefault();
    buttons.forEach((each, position) => setAttributes(each, { tabindex: position === index ? 0 : -1 }));
    buttons[index].focus();
  };
}
