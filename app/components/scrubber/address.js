// What the address says of the view, and what it is told; anything else in it is left alone.

// The view a link asks for; null, or nothing, where it asks for none that there is.
function asked(layouts, shown) {
  const query = new URLSearchParams(location.search);
  const number = (key, low, high) => {
    const value = query.get(key)?.trim() ? Number(query.get(key)) : NaN; // Number("") is 0
    return value >= low && value <= high ? value : null;
  };
  const opacity = number("opacity", 0, 100), view = query.get("view"), show = query.get("show");
  const pairs = (query.get("pins") ?? "").split("_").filter((pair) => /^\d+-\d+$/.test(pair));
  return {
    time: number("t", 0, 100),
    ...(opacity !== null && { opacity: opacity / 100 }),
    ...(Object.hasOwn(layouts, view) && { layout: view }), // "constructor" is in every object
    ...(Object.hasOwn(shown, show) && { show }),
    linked: pairs.slice(0, MOST_PINS).map((pair) => pair.split("-").map(Number)),
  };
}

// Put the view into the address, and give it as the server is told it.
function told({ time, layout, show, opacity, pins }) {
  const view = {
    t: time,
    view: layout,
    show,
    opacity: Math.round(100 * opacity),
    pins: pins.places.map((pair) => pair.join("-")).join("_"),
  };
  const address = new URL(location);
  for (const [key, value] of Object.entries(view)) {
    if (value === "") address.searchParams.delete(key);
    else address.searchParams.set(key, value);
  }
  history.replaceState(history.state, "", address);
  return view;
}
