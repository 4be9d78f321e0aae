/* Drag on a page's picture: the four sides of the box are filled into the form. The form works without it. */
(function () {
  "use strict";
  var view = document.querySelector("svg[data-boxes]");
  var form = document.getElementById("add");
  if (!view || !form) { return; }
  var box = view.viewBox.baseVal;
  var drawn = document.createElementNS(view.namespaceURI, "rect");
  var start = null;
  drawn.setAttribute("class", "box-new");

  function place(event) {
    var at = new DOMPoint(event.clientX, event.clientY).matrixTransform(view.getScreenCTM().inverse());
    return { x: Math.min(Math.max(at.x, 0), box.width), y: Math.min(Math.max(at.y, 0), box.height) };
  }
  function percent(value, of) { return (100 * value / of).toFixed(2); }
  function draw(one, other) {
    var left = Math.min(one.x, other.x), top = Math.min(one.y, other.y);
    var right = Math.max(one.x, other.x), bottom = Math.max(one.y, other.y);
    drawn.setAttribute("x", left); drawn.setAttribute("y", top);
    drawn.setAttribute("width", right - left); drawn.setAttribute("height", bottom - top);
    form.elements.x0.value = percent(left, box.width); form.elements.y0.value = percent(top, box.height);
    form.elements.x1.value = percent(right, box.width); form.elements.y1.value = percent(bottom, box.height);
    form.elements.words.value = "";
  }
  view.classList.add("is-drawing");
  view.addEventListener("pointerdown", function (event) {
    if (event.button !== 0) { return; }
    event.preventDefault();
    view.setPointerCapture(event.pointerId);
    view.appendChild(drawn);
    start = place(event);
  });
  view.addEventListener("pointermove", function (event) { if (start) { draw(start, place(event)); } });
  view.addEventListener("pointerup", function (event) {
    if (!start) { return; }
    draw(start, place(event));
    start = null;
    form.scrollIntoView({ block: "nearest" });
    form.elements.ground.focus({ preventScroll: true });
  });
  view.addEventListener("pointercancel", function () { start = null; });
}());
