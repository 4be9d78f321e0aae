// What the worker is doing, asked again without loading the page anew.
"use strict";
(function () {
  const here = () => document.querySelector("[data-progress][data-again]");
  async function again() {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-progress]");
      if (answer.ok && fresh) here().replaceWith(document.adoptNode(fresh));
    } catch {
      // the server is away for a moment: the next time
    }
    wait();
  }
  function wait() {
    const now = here();
    if (now) setTimeout(again, 1000 * Number(now.dataset.again));
  }
  wait();
})();
