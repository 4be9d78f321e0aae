/* A search box that offers released names while one types: an ARIA combobox with a list. Without the script it is a box. */
(function () {
  "use strict";
  var WAIT = 180, LEAST = 2;

  function begin(box) {
    var form = box.form, list = document.createElement("ul"), status = document.createElement("p");
    var timer = 0, asked = 0, at = -1, typed = box.value;
    list.id = box.id + "-suggestions";
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.dataset.suggestLabel);
    status.className = "visually-hidden";
    status.setAttribute("aria-live", "polite");
    form.classList.add("has-suggestions");
    form.append(list, status);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("autocomplete", "off");

    function close() {
      asked += 1;
      window.clearTimeout(timer);
      at = -1;
      list.hidden = true;
      list.replaceChildren();
      status.textContent = "";
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }
    function option(each, index) {
      var item = document.createElement("li"), name = document.createElement("span"), kind = document.createElement("small");
      item.id = list.id + "-" + index;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.q = each.q;
      name.lang = "zh-CN";
      name.textContent = each.name;
      kind.textContent = each.q === each.name ? each.label : each.label + " " + each.q;
      item.append(name, kind);
      return item;
    }
    function show(found) {
      at = -1;
      box.removeAttribute("aria-activedescendant");
      list.replaceChildren.apply(list, found.map(option));
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(Boolean(found.length)));
      status.textContent = found.length ? box.dataset.suggestCount.replace("{n}", found.length) : "";
    }
    function ask() {
      var text = box.value.trim(), turn = asked += 1;
      if (Array.from(text).length < LEAST) { close(); return; }
      var address = new URL(box.dataset.suggest, window.location.href);
      address.searchParams.set("q", text);
      fetch(address, { headers: { Accept: "application/json" }, credentials: "omit" })
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (answer) { if (turn === asked) { show(answer.suggestions); } })
        .catch(function () { if (turn === asked) { close(); } });
    }
    function choose(index) {
      var options = list.children;
      if (at >= 0) { options[at].setAttribute("aria-selected", "false"); }
      at = index;
      if (at < 0) {
        box.value = typed;
        box.removeAttribute("aria-activedescendant");
        return;
      }
      options[at].setAttribute("aria-selected", "true");
      options[at].scrollIntoView({ block: "nearest" });
      box.value = options[at].dataset.q;
      box.setAttribute("aria-activedescendant", options[at].id);
    }
    function move(step) {
      var places = list.children.length + 1; /* one of them is the box with what was typed */
      choose((at + 1 + step + places) % places - 1);
    }
    box.addEventListener("input", function (event) {
      typed = box.value;
      window.clearTimeout(timer);
      if (!event.isComposing) { timer = window.setTimeout(ask, WAIT); }
    });
    box.addEventListener("compositionend", function () {
      typed = box.value;
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    box.addEventListener("keydown", function (event) {
      if (event.isComposing) { return; }
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        box.value = typed;
        close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) { if (event.key === "ArrowDown") { ask(); } return; }
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Tab") {
        close();
      }
    });
    list.addEventListener("mousedown", function (event) { event.preventDefault(); }); /* the box keeps the focus */
    list.addEventListener("click", function (event) {
      var item = event.target.closest("[role=option]");
      if (item) {
        box.value = item.dataset.q;
        close();
        form.requestSubmit();
      }
    });
    box.addEventListener("blur", close);
    form.addEventListener("submit", close);
  }

  document.querySelectorAll("input[data-suggest]").forEach(begin);
}());
