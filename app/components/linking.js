// Follows `const MODULES = { path: text }, ENTRY = path;` (linking.py). The browser is given each module at an address
// of its own, so that it links and runs them as the modules they are; this one exports what the entry exports.

const addresses = {};

function address(path) {
  return (addresses[path] ??= URL.createObjectURL(new Blob([linked(path)], { type: "text/javascript" })));
}

// The text of a module, with the addresses of those it imports in place of their paths from here.
function linked(path) {
  if (!Object.hasOwn(MODULES, path)) throw new Error(`There is no module ${path} to import.`);
  const text = MODULES[path].replace(/^(import [^;"]*)"([^"]+)"/gm, (_, before, relative) => {
    const { pathname } = new URL(relative, `file:///${path}`);
    return `${before}"${address(pathname.slice(1))}"`;
  });
  return `${text}\n//# sourceURL=components/${path}`;
}

// The addresses stay: a module may be started as a worker later.
export default (await import(address(ENTRY))).default;
