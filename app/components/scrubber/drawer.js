// The drawer of settings, which Streamlit opens from the pills above the picture: it stays while a hand is on the board,
// and the keyboard goes from its pill through it to the next pill. Streamlit puts it at the end of the document.

const BODY = "[data-testid=stPopoverBody]", PILL = "[data-testid=stPopoverButton][aria-expanded=true]";
const STOPS = "a[href], button, input, textarea, [tabindex]";

// board: of the scrubber, until it leaves the page.
export function watchDrawer(board) {
  board.addEventListener("click", (event) => isBeside(board) && event.stopPropagation()); // Streamlit closes it on a click
  const onKey = (event) => (board.isConnected ? passThrough(event) : removeEventListener("keydown", onKey, true));
  addEventListener("keydown", onKey, true);
}

// Whether the drawer leaves the board free.
function isBeside(board) {
  const body = document.querySelector(BODY)?.getBoundingClientRect(), box = board.getBoundingClientRect();
  return body && (body.left >= box.right || body.top > innerHeight / 2);
}

function passThrough(event) {
  const body = document.querySelector(BODY), pill = document.querySelector(PILL);
  if (event.key !== "Tab" || !body || !pill) return;
  const stops = [...body.querySelectorAll(STOPS)].filter(isStop), { target, shiftKey } = event;
  if (target === pill && !shiftKey && stops.length) {
    stops[0].focus();
    event.preventDefault();
  } else if (target === stops[0] && shiftKey) {
    pill.focus();
    event.preventDefault();
  } else if (target === stops.at(-1) && !shiftKey) pill.focus(); // from where the browser itself goes on
}

// Of radio buttons, the checked one alone is reached. While the focus is elsewhere Streamlit's library keeps the index
// that a part had in data-tabindex.
function isStop(part) {
  const passed = part.type === "radio" && !part.checked, index = part.dataset.tabindex ?? part.tabIndex;
  return +index >= 0 && !part.disabled && !passed && part.getClientRects().length > 0;
}
