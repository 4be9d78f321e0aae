/* Draw again in the reader's browser, from the bundle alone: SHA-256 and HMAC of WebCrypto, nothing from elsewhere.
   What portal/draws/order.py, chain.py, strata.py and verify.py do; the beacon's signature is left to others. */
(function () {
  "use strict";
  var panel = document.getElementById("again");
  if (!panel) { return; }
  var button = panel.querySelector("button"), status = panel.querySelector("[data-status]");
  var list = panel.querySelector(".checks"), result = panel.querySelector("[data-result]");
  var text = new TextEncoder(), AT_ONCE = 2000, GENESIS = 1692803367, PERIOD = 3;

  function hex(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (b) { return (b + 256).toString(16).slice(1); }).join("");
  }
  function bytes(digits) {
    return new Uint8Array((digits.match(/../g) || []).map(function (pair) { return parseInt(pair, 16); }));
  }
  function sha256(data) { return crypto.subtle.digest("SHA-256", data); }
  async function digest(string) { return hex(await sha256(text.encode(string))); }
  async function salted(string, salt) { return hex(await crypto.subtle.sign("HMAC", await hmacKey(bytes(salt)), text.encode(string))); }
  async function hmacKey(data) { return crypto.subtle.importKey("raw", data, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]); }

  /* Code points in order, as Python sorts: UTF-16 would put some of them elsewhere. */
  function compare(one, other) {
    var a = Array.from(one), b = Array.from(other), i = 0;
    while (i < a.length && i < b.length && a[i] === b[i]) { i += 1; }
    if (i === a.length || i === b.length) { return a.length - b.length; }
    return a[i].codePointAt(0) - b[i].codePointAt(0);
  }
  function lines(string) { return string.split("\n").slice(0, -1); }
  function joined(codes) { return codes.slice().sort(compare).map(function (code) { return code + "\n"; }).join(""); }

  function take(rule, size, excluded) {
    var wanted = Number(rule);
    if (rule.endsWith("%")) {
      var parts = rule.slice(0, -1).split(".");
      var hundredths = size * (Number(parts[0]) * 100 + Number(((parts[1] || "") + "00").slice(0, 2)));
      wanted = Math.max(1, (hundredths + 9999 - (hundredths + 9999) % 10000) / 10000);
    }
    return Math.min(wanted, size - excluded);
  }

  async function described(strata, grounds) {
    var made = [];
    for (var each of strata) {
      var codes = lines(each.pool), out = codes.filter(function (code) { return grounds.has(code); }).length;
      made.push({ excluded: out, name: each.name, pool: await digest(each.pool), rule: each.rule, size: codes.length, take: take(each.rule, codes.length, out) });
    }
    return made;
  }

  function appears(terms) {  /* of a round by its number, whatever the line says */
    var round = /^drand-quicknet:(\d+)$/.exec(terms.randomness);
    return round ? (GENESIS + (Number(round[1]) - 1) * PERIOD) * 1000 : Date.parse(terms.decides);
  }
  async function randomness(source, evidence) {
    return source.startsWith("drand-") ? sha256(bytes(evidence)) : sha256(text.encode(source + "\n" + written(evidence) + "\n"));
  }
  function written(numbers) {
    return numbers.split("+").map(function (area) {
      return (area.match(/\d+/g) || []).map(Number).sort(function (a, b) { return a - b; }).map(function (n) { return (n < 10 ? "0" : "") + n; }).join(",");
    }).join("+");
  }

  async function inOrder(codes, key) {
    var places = [];
    for (var at = 0; at < codes.length; at += AT_ONCE) {
      var some = codes.slice(at, at + AT_ONCE);
      var signed = await Promise.all(some.map(function (code) {
        var label = text.encode(code), info = new Uint8Array(label.length + 1);
        info.set(label); info[label.length] = 1;
        return crypto.subtle.sign("HMAC", key, info);
      }));
      some.forEach(function (code, i) { places.push([hex(signed[i]), code]); });
    }
    places.sort(function (a, b) { return a[0] < b[0] ? -1 : 1; });
    return places.map(function (pair) { return pair[1]; });
  }

  async function drawAgain(bundle, terms, grounds) {
    var extracted = await crypto.subtle.sign("HMAC", await hmacKey(bytes(bundle.code)), await randomness(terms.randomness, bundle.evidence));
    var key = await hmacKey(extracted), groups = [];
    for (var each of bundle.strata) {
      var codes = lines(each.pool);
      var order = await inOrder(codes.filter(function (code) { return !grounds.has(code); }), key);
      var count = take(each.rule, codes.length, codes.length - order.length);
      groups.push({ name: each.name, order: order, take: count, all: new Set(codes), drawn: order.slice(0, count) });
    }
    return groups;
  }

  async function chained(code, steps) {
    var link = bytes(code);
    for (var at = 0; at < steps; at += 1) { link = new Uint8Array(await sha256(link)); }
    return hex(link);
  }

  async function checks(bundle, record) {
    var terms = JSON.parse(bundle.commit.body), locked = JSON.parse(bundle.result.body), told = JSON.parse(bundle.reveal.body);
    var grounds = new Map(lines(bundle.exclusions).map(function (line) { return line.split("\t"); }));
    var codes = [].concat.apply([], bundle.strata.map(function (each) { return lines(each.pool); }));
    var groups = await drawAgain(bundle, terms, grounds);
    var drawn = joined([].concat.apply([], groups.map(function (group) { return group.drawn; })));
    var rows = record.fields && record.fields.drawn;
    return {
      groups: groups, grounds: grounds,
      said: {
        pool: await salted(joined(codes), bundle.salt) === terms.pool && new Set(codes).size === codes.length && codes.length === terms.size,
        excluded: await salted(bundle.exclusions, bundle.salt) === terms.excluded && grounds.size === terms.excluded_count,
        strata: await salted(JSON.stringify(await described(bundle.strata, grounds)), bundle.salt) === terms.strata,
        time: Date.parse(terms.time) < appears(terms) && appears(terms) <= Date.parse(locked.time),
        chain: await chained(bundle.code, terms.step) === terms.commitment && told.code === bundle.code,
        list: await digest(bundle.drawn) === locked.list && locked.commit === bundle.commit.index,
        drawn: drawn === bundle.drawn,
        announced: !rows || joined(rows.map(function (row) { return row.entity_code; })) === bundle.drawn
      }
    };
  }

  function tell(said) {
    var right = true;
    list.querySelectorAll("[data-check]").forEach(function (item) {
      var yes = said[item.dataset.check], mark = item.querySelector("b") || item.appendChild(document.createElement("b"));
      item.className = yes ? "is-right" : "is-wrong";
      mark.textContent = yes ? list.dataset.yes : list.dataset.no;
      right = right && yes;
    });
    status.textContent = right ? status.dataset.right : status.dataset.wrong;
  }

  function row(body, words) {
    var made = body.insertRow(), names = [body.dataset.group, body.dataset.place, body.dataset.code];
    words.forEach(function (word, i) { var cell = made.insertCell(); cell.dataset.l = names[i]; cell.textContent = word; });
    made.cells[2].className = "code";
  }
  function show(groups) {
    var body = result.querySelector("tbody");
    body.textContent = "";
    groups.forEach(function (group) {
      group.drawn.forEach(function (code, i) { row(body, [group.name, i + 1, code]); });
    });
    result.hidden = false;
  }

  function lookUp(found) {
    var input = result.querySelector("input"), said = result.querySelector("[data-one]");
    input.oninput = function () {
      var code = input.value.trim().normalize("NFC"), group = found.groups.find(function (each) { return each.all.has(code); });
      var place = group ? group.order.indexOf(code) + 1 : 0;
      var words = !group ? "absent" : !place ? "excluded" : place <= group.take ? "drawn" : "passed";
      var given = group ? { group: group.name, place: place, take: group.take, ground: said.getAttribute("data-ground-" + found.grounds.get(code)) } : {};
      said.textContent = code ? said.dataset[words].replace(/\{(\w+)\}/g, function (_, name) { return given[name]; }) : "";
    };
  }

  async function again() {
    if (!window.crypto || !crypto.subtle) { status.textContent = status.dataset.insecure; return; }
    status.textContent = status.dataset.working;
    button.disabled = true;
    try {
      var answers = await Promise.all([fetch(panel.dataset.bundle), fetch(panel.dataset.record)]);
      if (!answers[0].ok || !answers[1].ok) { throw new Error("no data"); }
      var found = await checks(await answers[0].json(), await answers[1].json());
      show(found.groups); lookUp(found); tell(found.said);
    } catch (error) {
      status.textContent = status.dataset.failed;
    }
    button.disabled = false;
  }
  panel.hidden = false;
  button.addEventListener("click", again);
}());
