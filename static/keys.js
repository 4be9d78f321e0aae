/* Review by keyboard. Every key presses what is on the page anyway: a link, a button, a tick, a field.
   Where rows are listed ([data-rows] with [data-row]) j and k move; elsewhere they follow links marked with them.
   Nothing is taken from somebody who types, and whoever needs the letters for something else turns them off. */
(function () {
  "use strict";
  var STORE = "keys-off";
  var help = document.querySelector("[data-keys-help]");
  var off = document.querySelector("[data-keys-off]");
  if (!help) { return; }

  function all(what, within) { return Array.prototype.slice.call((within || document).querySelectorAll(what)); }
  function remembered() { try { return window.localStorage.getItem(STORE) === "yes"; } catch (error) { return false; } }
  function remember(yes) { try { window.localStorage.setItem(STORE, yes ? "yes" : ""); } catch (error) { /* for this page only */ } }

  if (off) {
    off.checked = remembered();
    off.addEventListener("change", function () { remember(off.checked); });
    all("[data-with-keys]").forEach(function (one) { one.hidden = false; });
  }

  function types(node) {
    if (!node || node === document.body) { return false; }
    if (node.isContentEditable || node.tagName === "TEXTAREA" || node.tagName === "SELECT") { return true; }
    return node.tagName === "INPUT" && node.type !== "checkbox" && node.type !== "radio";
  }
  function rows() { return all("[data-row]"); }
  function rowOf(node) { return node && node.closest ? node.closest("[data-row]") : null; }
  function shown(node) { return node.offsetParent !== null; }

  // a row that lies folded is unfolded first
  function focusRow(row) {
    var fold = row && row.closest("details");
    var link = row && row.querySelector("[data-open]");
    if (!link) { return false; }
    if (fold && !fold.open) { fold.open = true; }
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
    return true;
  }
  function move(by) {
    var list = rows();
    var at = list.indexOf(rowOf(document.activeElement));
    var next = at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by;
    return next >= 0 && next < list.length ? focusRow(list[next]) : false;
  }

  function press(node) {
    if (types(node)) {
      node.focus();
      node.scrollIntoView({ block: "center" });
    } else if (!node.disabled) {
      node.click();
    } else {
      return false;
    }
    return true;
  }
  function keyed(key, within) {
    return all('[data-key="' + key + '"]', within).filter(function (one) { return within || !rowOf(one); })[0];
  }

  // one proposal among several on a form: withheld, on to the next; kept, the reason is asked for
  function afterChoice(row, key) {
    var reason = row.querySelector("[data-reason]");
    if (key === "r" && reason) { reason.focus(); }
    if (key === "a" && !move(1)) { all("[data-save]").forEach(function (one) { one.focus(); }); }
  }

  function act(key) {
    var row = rowOf(document.activeElement);
    var own = row && keyed(key, row);
    if (key === "j" || key === "k") {
      if (rows().length) { return move(key === "j" ? 1 : -1); }
    } else if (key === "o" && row && !row.hasAttribute("data-choice")) {
      return press(row.querySelector("[data-open]"));
    } else if (key === "?") {
      help.open = !help.open;
      help.querySelector("summary").focus();
      return true;
    }
    if (own) {
      press(own);
      if (row.hasAttribute("data-choice")) { afterChoice(row, key); }
      return true;
    }
    if (key === "r" && row) {
      var tick = keyed("x", row);  // who gives a row back picks it first
      if (!tick) { return false; }
      tick.checked = true;
    }
    var node = (key !== "x" && key !== "a") || !row ? keyed(key) : null;
    return node ? press(node) : false;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || (off && off.checked)) { return; }
    if (event.key.length !== 1 || types(event.target)) { return; }
    if ("jkoarx?".indexOf(event.key) >= 0 && act(event.key)) { event.preventDefault(); }
  });

  // after a decision: the row that the address names, else the first where something is still to be decided
  function arrive() {
    var wanted = window.location.hash.slice(1);
    if (wanted !== "next" && wanted.indexOf("row-") !== 0) { return; }
    var named = document.getElementById(wanted);
    var waiting = rows().filter(function (row) { return keyed("a", row); });
    focusRow(named && named.hasAttribute("data-row") ? named : waiting[0] || rows().filter(shown)[0]);
  }
  arrive();
}());
