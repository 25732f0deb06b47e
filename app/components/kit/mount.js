// The function that Streamlit calls with each message of the server: it makes a View where there is none yet, and
// gives it what was sent.
//
// View: made with the root of its document; update(data, setStateValue) takes each message; pause() stops what moves
// by itself, before the next message and when the component is taken off the page.
export function mount(View) {
  const views = new WeakMap();
  return ({ data, parentElement, setStateValue }) => {
    if (!views.has(parentElement)) views.set(parentElement, new View(parentElement));
    const view = views.get(parentElement);
    view.update(data, setStateValue);
    return () => view.pause();
  };
}
