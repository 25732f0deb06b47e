// The settings in the page's address. Those that a component does not know are left alone.

// A setting as a number from low to high; null where it is missing or is none.
export function readNumber(key, low, high) {
  const text = new URLSearchParams(location.search).get(key);
  const value = text?.trim() ? Number(text) : NaN; // Number("") is 0
  return value >= low && value <= high ? value : null;
}

// A setting as one of the keys of `options`; null where it is missing or is none.
export function readChoice(key, options) {
  const text = new URLSearchParams(location.search).get(key);
  return text !== null && Object.hasOwn(options, text) ? text : null; // "constructor" is in every object
}

// A setting as text, empty where it is missing.
export function readText(key) {
  return new URLSearchParams(location.search).get(key) ?? "";
}

// The page's address with these settings; an empty text takes one out.
export function addressWith(settings) {
  const address = new URL(location);
  for (const [key, value] of Object.entries(settings)) {
    if (value === "") address.searchParams.delete(key);
    else address.searchParams.set(key, value);
  }
  address.search = address.search.replaceAll("%2C", ",");
  return address.href;
}

// Put settings into the address; an empty text takes one out. asEntry: whether Back is to lead to what was there.
export function writeSettings(settings, asEntry = false) {
  const address = addressWith(settings);
  if (address === location.href) return;
  history[asEntry ? "pushState" : "replaceState"](history.state, "", address);
}
