// Keeps the display that a reader chose across visits, without a cookie: an address that names one wins and is
// remembered. Runs before anything is drawn; without scripts the address alone carries the choice.
"use strict";
(() => {
  const MODES = ["standard", "large", "contrast", "plain"];
  const asked = new URLSearchParams(location.search).get("display");
  let mode = MODES.includes(asked) ? asked : null;
  try {
    if (mode) localStorage.setItem("display", mode);
    else mode = localStorage.getItem("display");
  } catch { /* a browser that keeps nothing */ }
  if (!MODES.includes(mode)) return;
  const root = document.documentElement;
  if (mode === "standard") delete root.dataset.display;
  else root.dataset.display = mode;
  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll(".modes [data-mode]")) {
      if (link.dataset.mode === mode) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  });
})();
