/* Keeps what is typed on the objection form while it is typed. The form works without it. */
(function () {
  "use strict";
  var filed = document.querySelector("[data-filed]");
  var form = document.querySelector("form[data-draft]");
  var store = window.localStorage;
  function name(number) { return "objection-draft:" + number; }
  function quietly(act) { try { return act(); } catch (refused) { return null; } }
  if (filed) { quietly(function () { store.removeItem(name(filed.dataset.filed)); }); }
  if (!form) { return; }

  var here = name(form.dataset.draft);
  var timer = 0;
  var leaving = false;

  function fields() {
    return Array.prototype.filter.call(form.elements, function (each) {
      return each.name && ["file", "hidden", "submit"].indexOf(each.type) < 0 && each.tagName !== "BUTTON" && each.tagName !== "FIELDSET";
    });
  }
  function ticks(each) { return each.type === "checkbox" || each.type === "radio"; }
  function typed() {
    return fields().filter(function (each) { return !ticks(each) || each.checked; })
      .map(function (each) { return [each.name, each.value]; });
  }
  function isEmpty() {
    return !fields().some(function (each) {
      return each.type === "radio" ? false : each.type === "checkbox" ? each.checked : each.value.trim();
    });
  }
  function says(kept) {
    return kept.some(function (pair) {
      return pair[1].trim() && fields().some(function (each) { return each.name === pair[0] && each.type !== "radio"; });
    });
  }
  function fill(kept) {
    fields().forEach(function (each) {
      var values = kept.filter(function (pair) { return pair[0] === each.name; }).map(function (pair) { return pair[1]; });
      if (ticks(each)) { each.checked = values.indexOf(each.value) >= 0; } else if (values.length) { each.value = values[0]; }
    });
    var line = document.createElement("p");
    line.className = "note";
    line.setAttribute("role", "status");
    line.textContent = form.dataset.found;
    form.insertBefore(line, form.firstChild);
  }
  function words() {
    var data = new FormData();
    typed().forEach(function (pair) { data.append(pair[0], pair[1]); });
    ["csrf_token", "key"].forEach(function (each) { data.append(each, form.elements[each].value); });
    return data;
  }
  function keep() {
    window.clearTimeout(timer);
    timer = 0;
    quietly(function () { store.setItem(here, JSON.stringify(typed())); });
    if (leaving) { return; }
    quietly(function () {
      window.fetch(form.dataset.draftTo, { method: "POST", body: words(), credentials: "same-origin" }).catch(function () {});
    });
  }
  function soon() { if (!timer) { timer = window.setTimeout(keep, 2000); } }

  if (isEmpty()) {
    quietly(function () {
      var kept = JSON.parse(store.getItem(here) || "null");
      if (Array.isArray(kept) && says(kept)) { fill(kept); }
    });
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && timer) { keep(); }
  });
  form.addEventListener("submit", function (event) {
    var said = document.getElementById("too-large");
    var size = 0;
    Array.prototype.forEach.call(form.querySelectorAll("input[type=file]"), function (each) {
      Array.prototype.forEach.call(each.files, function (file) { size += file.size; });
    });
    var tooLarge = size > Number(form.dataset.largest) * 1048576;
    said.hidden = !tooLarge;
    if (tooLarge) {
      event.preventDefault();
      said.textContent = form.dataset.tooLarge;
      said.scrollIntoView({ block: "center" });
      keep();
      return;
    }
    window.clearTimeout(timer);
    leaving = true;
    quietly(function () { store.setItem(here, JSON.stringify(typed())); });
  });
}());
