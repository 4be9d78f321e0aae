/* Selecting the words to withhold, with the mouse or the keyboard; and the bases of the chosen ground first.
   The page works without it: fields, rows and words can be typed. Offsets are code points, as in the marks. */
(function () {
  "use strict";
  var form = document.getElementById("add");
  var bar = document.querySelector(".selectbar");

  function each(list, act) { Array.prototype.forEach.call(list, act); }

  // the bases that belong to the chosen ground; the first of them when the chosen basis does not
  each(document.querySelectorAll("select[data-ground]"), function (ground) {
    var basis = ground.closest("li, form").querySelector("select[data-basis]");
    function follow(changed) {
      var fits = null;
      each(basis.querySelectorAll("optgroup"), function (group) {
        var own = group.dataset.of === ground.value;
        group.hidden = !own;
        group.disabled = !own;
        if (own) { fits = group; }
      });
      if (!changed) { return; }
      basis.value = "";
      if (fits) { fits.querySelector("option").selected = true; }
    }
    ground.addEventListener("change", function () { follow(true); });
    follow(false);
  });
  if (!form) { return; }

  var fields = form.elements;
  var original = document.getElementById("i-original");
  each(form.querySelectorAll("[data-with-script]"), function (one) { one.hidden = false; });

  function points(text) { return Array.from(text).length; }

  // the words of a value without the numbers that stand beside the marks
  function wordsOf(node) {
    var copy = node.cloneNode(true);
    each(copy.querySelectorAll("sup"), function (sup) { sup.remove(); });
    return copy.textContent;
  }
  function placeOf(path) {
    var parts = path.split("/");
    return parts.length === 3 ? [parts[0] + "/" + parts[2], String(Number(parts[1]) + 1)] : [path, ""];
  }
  function nodeOf(field, row) {
    var parts = field.split("/");
    var path = parts.length === 2 ? parts[0] + "/" + (Number(row) - 1) + "/" + parts[1] : field;
    return field && document.querySelector('.words[data-path="' + path + '"]');
  }
  function offers(field) {
    return Array.prototype.some.call(fields.field.options, function (option) { return option.value === field; });
  }

  function select(text, start, end) {
    while (start < end && /\s/.test(text[start])) { start += 1; }
    while (end > start && /\s/.test(text[end - 1])) { end -= 1; }
    var words = text.slice(start, end);
    if (!words) { return false; }
    fields.words.value = words;
    fields.start.value = points(text.slice(0, start));
    fields.end.value = points(text.slice(0, end));
    fields.whole.checked = false;
    form.querySelector("[data-with-selection]").hidden = false;
    return true;
  }
  function forget() {
    fields.start.value = fields.end.value = "";
    fields.only.checked = false;
    form.querySelector("[data-with-selection]").hidden = true;
    bar.hidden = true;
  }
  function show(text) {
    bar.querySelector("p").textContent = form.dataset.selected + text;
    bar.querySelector("a").textContent = form.dataset.go;
    bar.hidden = false;
  }

  // with the mouse or a finger, in the text itself
  function lengthTo(node, container, offset) {
    var range = document.createRange();
    range.setStart(node, 0);
    range.setEnd(container, offset);
    return wordsOf(range.cloneContents()).length;
  }
  function picked() {
    var chosen = document.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) { return; }
    var range = chosen.getRangeAt(0);
    var within = range.startContainer.nodeType === 3 ? range.startContainer.parentElement : range.startContainer;
    var node = within.closest(".words");
    if (!node || !node.closest(".marking")) { return; }
    var place = placeOf(node.dataset.path);
    if (!offers(place[0])) { return; }
    var start = lengthTo(node, range.startContainer, range.startOffset);
    var inside = node.contains(range.endContainer);  // three clicks end the selection in the next element
    var end = inside ? lengthTo(node, range.endContainer, range.endOffset) : wordsOf(node).length;
    fields.field.value = place[0];
    fields.row.value = place[1];
    fill();
    if (select(wordsOf(node), start, end)) { show(fields.words.value); }
  }
  document.addEventListener("pointerup", function () { window.setTimeout(picked, 0); });
  document.addEventListener("keyup", function (event) { if (event.shiftKey && event.target !== original) { picked(); } });

  // with the keyboard: the text of the chosen field in a box where Shift and the arrows select
  function fill() {
    var node = nodeOf(fields.field.value, fields.row.value);
    text = original.value = node ? wordsOf(node) : "";
  }
  // a read-only box has no caret for the arrows in Chromium: it takes the keys, and no change
  var text = "";
  original.readOnly = false;
  original.setAttribute("aria-readonly", "true");
  original.addEventListener("beforeinput", function (event) { event.preventDefault(); });
  original.addEventListener("input", function () { original.value = text; });
  function pickedInBox() {
    if (original.selectionStart < original.selectionEnd) {
      select(original.value, original.selectionStart, original.selectionEnd);
    }
  }
  each([fields.field, fields.row], function (one) {
    one.addEventListener("input", function () { forget(); fill(); });
  });
  each(["keyup", "pointerup", "select"], function (kind) { original.addEventListener(kind, pickedInBox); });
  fields.words.addEventListener("input", forget);
  bar.querySelector("a").addEventListener("click", function (event) {
    event.preventDefault();
    bar.hidden = true;
    form.scrollIntoView({ block: "start" });
    document.getElementById("i-ground").focus({ preventScroll: true });
  });
  fill();
}());
