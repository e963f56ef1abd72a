// On a narrow screen the sidebar is a drawer.

import { store } from "./store.js";

export function mountDrawer({ button, drawer, shade }) {
  const narrow = matchMedia("(max-width: 720px)");

  function set(open, { focus = true } = {}) {
    drawer.classList.toggle("open", open);
    shade.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    drawer.inert = narrow.matches && !open;
    if (!narrow.matches || !focus) return;
    if (open) drawer.querySelector("button, a")?.focus();
    else button.focus();
  }

  const isOpen = () => drawer.classList.contains("open");
  button.addEventListener("click", () => set(!isOpen()));
  shade.addEventListener("click", () => set(false));
  drawer.addEventListener(
    "keydown",
    (event) => event.key === "Escape" && narrow.matches && set(false),
  );
  drawer.addEventListener("click", (event) => event.target.closest("a") && isOpen() && set(false));
  narrow.addEventListener("change", () => set(false, { focus: false }));
  store.on("place", () => isOpen() && set(false));
  set(false, { focus: false });
}
