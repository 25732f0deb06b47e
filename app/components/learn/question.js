// A question with options to press: answered at once, with why.

import { elements } from "../kit/dom.js";

const HEADS = { predict: "Predict, then see", check: "Check" };

// What shows a question ({id, kind, text, options, right, why}), answered already where `chosen` is a number.
// onAnswer(chosen): called when a person presses an option.
export function questionCard(question, chosen, onAnswer) {
  const [card, head, text, options, why] = elements("section", "p", "p", "div", "p");
  card.className = "question";
  head.className = "head";
  head.textContent = HEADS[question.kind];
  text.className = "text";
  text.textContent = question.text;
  options.className = "options";
  why.className = "why";
  card.setAttribute("aria-label", `${HEADS[question.kind]}: ${question.text}`);
  card.setAttribute("aria-live", "polite");
  const buttons = question.options.map((words, i) => {
    const [button] = elements("button");
    Object.assign(button, { type: "button", textContent: words });
    button.onclick = () => {
      if (card.dataset.answered) return;
      mark(i);
      onAnswer(i);
    };
    return button;
  });
  const mark = (index) => {
    card.dataset.answered = true;
    buttons.forEach((button, i) => {
      button.setAttribute("aria-disabled", true);
      button.setAttribute("aria-pressed", i === index);
      button.dataset.is = i === question.right ? "right" : i === index ? "wrong" : "other";
    });
    why.textContent = `${index === question.right ? "Yes." : "No."} ${question.why}`;
    card.append(why);
  };
  options.append(...buttons);
  card.append(head, text, options);
  if (Number.isInteger(chosen)) mark(chosen);
  return card;
}
