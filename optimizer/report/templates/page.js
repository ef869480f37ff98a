(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var body = document.body;
  var lines = document.querySelectorAll("tr.line");
  var chosen = null;
  var opener = null;

  // Words -------------------------------------------------------------------------------------

  function word(key, fields) {
    var text = data.words[body.dataset.lang][key];
    Object.keys(fields || {}).forEach(function (name) {
      text = text.replace("{" + name + "}", fields[name]);
    });
    return text;
  }
  function said(table, code) {
    var texts = data[table][code];
    return texts ? texts[body.dataset.lang] : code || "";
  }
  function listed(table, codes) {
    return codes.map(function (code) { return said(table, code); }).join(word("list.comma"));
  }
  function labelled(what, more) { return word("list.labelled", { what: what, more: more }); }
  function called(table, id) {
    var one = data[table][id];
    return one && one.name ? one.name : id;
  }
  function named(table, id) {
    var name = called(table, id);
    return name === id ? id : name + " · " + id;
  }

  // Small parts of the page -------------------------------------------------------------------

  function part(name, text, kind) {
    var made = document.createElement(name);
    if (text) { made.textContent = text; }
    if (kind) { made.className = kind; }
    return made;
  }
  function drawn(name, attributes, text) {
    var made = document.createElementNS(document.querySelector("svg").namespaceURI, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (text) { made.textContent = text; }
    return made;
  }
  function phone(one) {
    if (!one || !one.phone) { return null; }
    var link = part("a", one.phone, "phone");
    link.href = "tel:" + one.phone.replace(/[^0-9+]/g, "");
    return link;
  }
  function add(where, what) { if (what) { where.appendChild(what); } return where; }

  // The days ----------------------------------------------------------------------------------

  var days = document.querySelectorAll(".day");
  var links = document.querySelectorAll(".days a");
  function showDay(number) {
    days.forEach(function (day, n) { day.hidden = n !== number; });
    links.forEach(function (link, n) {
      if (n === number) { link.setAttribute("aria-current", "date"); }
      else { link.removeAttribute("aria-current"); }
    });
  }
  links.forEach(function (link, n) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      close(false);
      showDay(n);
      rove(null);
    });
  });
  function dayOf(info) { return days[info.day]; }
  function shownDay() {
    for (var n = 0; n < days.length; n += 1) { if (!days[n].hidden) { return n; } }
    return 0;
  }

  // Details -----------------------------------------------------------------------------------

  function factsOf(info) {
    var who = data.caregivers[info.who] || {};
    var facts = [];
    if (who.org) { facts.push(labelled(word("col.organisation"), who.org)); }
    if (who.skills) { facts.push(labelled(word("page.skills"), listed("skills", who.skills))); }
    if (!info.leaves) { facts.push(word("page.idle_line", { times: info.times })); return facts; }
    if (info.shift) { facts.push(labelled(word("page.shift"), info.shift)); }
    facts.push([
      labelled(word("col.leaves"), info.leaves), labelled(word("col.back"), info.back)
    ].join(" · "));
    facts.push(["care", "travel", "waiting"].map(function (what) {
      return labelled(word("col." + what), info[what][body.dataset.lang]);
    }).join(" · "));
    return facts;
  }
  function partnerOf(visit, number) {
    var found = null;
    data.lines.forEach(function (other, n) {
      if (n !== number && other.day === data.lines[number].day) {
        other.stops.forEach(function (stop, at) {
          if (stop[0] === visit) { found = { line: n, stop: at, who: other.who }; }
        });
      }
    });
    return found;
  }
  function aboutVisit(id) {
    var visit = data.visits[id];
    if (!visit) { return [id]; }
    var client = data.clients[visit.client] || {};
    return [
      said("towns", client.town),
      word("priority." + visit.priority),
      labelled(word("col.window"), visit.window),
      id
    ].filter(Boolean);
  }
  function stopItem(number, stop, at) {
    var visit = data.visits[stop[0]];
    var item = part("li", "", at === chosen.stop ? "chosen" : "");
    var client = visit ? visit.client : "";
    item.appendChild(part("b", stop[1] + "–" + stop[2] + " " + named("clients", client)));
    add(item, phone(data.clients[client]));
    if (visit) {
      item.appendChild(part("p", listed("services", stop[4].length ? stop[4] : visit.services)));
    }
    var small = [word("page.way", { minutes: stop[3] })].concat(aboutVisit(stop[0]));
    item.appendChild(part("p", small.join(" · "), "small"));
    var partner = partnerOf(stop[0], number);
    if (partner) {
      var text = word("page.with", { name: called("caregivers", partner.who) });
      var button = part("button", text);
      button.type = "button";
      button.addEventListener("click", function () { open(partner.line, partner.stop); });
      item.appendChild(button);
    }
    return item;
  }
  function fillLine(where, number) {
    var info = data.lines[number];
    add(where, phone(data.caregivers[info.who]));
    factsOf(info).forEach(function (fact) { where.appendChild(part("p", fact, "fact")); });
    var list = part("ol");
    info.stops.forEach(function (stop, at) {
      if (info.pause && info.pause[0] === at) { list.appendChild(pauseItem(info)); }
      list.appendChild(stopItem(number, stop, at));
    });
    if (info.pause && info.pause[0] === info.stops.length) { list.appendChild(pauseItem(info)); }
    if (info.stops.length) { where.appendChild(list); }
  }
  function pauseItem(info) {
    return part("li", info.pause[1] + " " + word("page.break"), "pause-item");
  }
  function fillVisit(where, id) {
    var visit = data.visits[id];
    add(where, phone(data.clients[visit.client]));
    where.appendChild(part("p", listed("services", visit.services)));
    where.appendChild(part("p", aboutVisit(id).join(" · "), "small"));
    var code = data.unserved[id];
    where.appendChild(part("p", labelled(word("col.reason"), said("reasons", code) || "–")));
    if (said("helps", id)) {
      where.appendChild(part("p", labelled(word("page.helps"), said("helps", id))));
    }
  }

  // The map -----------------------------------------------------------------------------------

  function marked(info) {
    var marks = [];
    info.stops.forEach(function (stop, at) {
      var visit = data.visits[stop[0]];
      var client = visit && data.clients[visit.client];
      if (!client || !client.at) { return; }
      var there = marks.filter(function (mark) {
        return mark.at[0] === client.at[0] && mark.at[1] === client.at[1];
      })[0];
      if (there) { there.label += "," + (at + 1); }
      else { marks.push({ at: client.at, label: String(at + 1) }); }
    });
    return marks;
  }
  function pathOf(info, who) {
    var path = info.stops.map(function (stop) {
      var visit = data.visits[stop[0]];
      var client = visit && data.clients[visit.client];
      return client && client.at;
    }).filter(Boolean);
    return who.from ? [who.from].concat(path, [who.to]) : path;
  }
  function near(map, path) {
    var whole = map.dataset.whole.split(" ").map(Number);
    var xs = path.map(function (at) { return at[0]; });
    var ys = path.map(function (at) { return at[1]; });
    var x = Math.min.apply(null, xs), y = Math.min.apply(null, ys);
    var share = Math.max((Math.max.apply(null, xs) - x) / whole[2],
      (Math.max.apply(null, ys) - y) / whole[3], 0.1) * 1.35;
    share = Math.min(share, 1);
    var width = whole[2] * share, height = whole[3] * share;
    var left = (x + Math.max.apply(null, xs) - width) / 2;
    var top = (y + Math.max.apply(null, ys) - height) / 2;
    return [left, top, width, height];
  }
  function mark(group, at, label, size) {
    var wide = Math.max(1, 0.55 + label.length * 0.32) * 23 * size;
    group.appendChild(drawn("ellipse", {
      "class": "number", cx: at[0], cy: at[1], rx: wide, ry: 23 * size, "stroke-width": 3 * size
    }));
    group.appendChild(drawn("text", {
      "class": "number-text", x: at[0], y: at[1] + 10 * size, "font-size": 28 * size
    }, label));
  }
  function drawRoute() {
    document.querySelectorAll(".map").forEach(function (map) {
      map.setAttribute("viewBox", map.dataset.whole);
      map.style.setProperty("--size", 1);
      map.classList.remove("seeks");
      map.querySelector(".chosen").replaceChildren();
    });
    if (chosen === null) { return; }
    var info = chosen.line === undefined ? null : data.lines[chosen.line];
    var day = info ? dayOf(info) : days[shownDay()];
    var map = day && day.querySelector(".map");
    if (!map) { return; }
    var who = info ? data.caregivers[info.who] || {} : {};
    var visit = info ? null : data.visits[chosen.visit];
    var client = visit && data.clients[visit.client];
    var path = info ? pathOf(info, who) : client && client.at ? [client.at] : [];
    if (!path.length) { return; }
    var size = 1;
    var zoom = day.querySelector(".zoom");
    if (zoom.getAttribute("aria-pressed") === "true") {
      var box = near(map, path);
      map.setAttribute("viewBox", box.join(" "));
      size = box[2] / Number(map.dataset.whole.split(" ")[2]);
    }
    map.style.setProperty("--size", size);
    map.classList.add("seeks");
    var group = map.querySelector(".chosen");
    if (info) {
      group.appendChild(drawn("polyline", {
        "class": "chosen-route", points: path.join(" "), stroke: who.colour || "#1e2a2f",
        "stroke-width": 7 * size
      }));
    }
    if (who.from) {
      [who.from, who.to].forEach(function (at) {
        group.appendChild(drawn("rect", {
          "class": "home", x: at[0] - 15 * size, y: at[1] - 15 * size, width: 30 * size,
          height: 30 * size, fill: who.colour
        }));
      });
    }
    if (info) { marked(info).forEach(function (one) { mark(group, one.at, one.label, size); }); }
    else { mark(group, path[0], "×", size); }
  }

  // Opening and closing -----------------------------------------------------------------------

  function paint(focus) {
    document.querySelectorAll(".current").forEach(function (one) {
      one.classList.remove("current");
    });
    document.querySelectorAll("[aria-expanded=true]").forEach(function (one) {
      one.setAttribute("aria-expanded", "false");
    });
    document.querySelectorAll(".side").forEach(function (side) { side.classList.remove("open"); });
    drawRoute();
    if (chosen === null) { return; }
    var info = chosen.line === undefined ? null : data.lines[chosen.line];
    var day = info ? dayOf(info) : days[shownDay()];
    if (info) {
      var row = lines[chosen.line];
      row.classList.add("current");
      row.querySelector("button").setAttribute("aria-expanded", "true");
      if (chosen.stop !== undefined) {
        var bar = row.querySelector("[data-stop='" + chosen.stop + "']");
        if (bar) { bar.classList.add("current"); }
      }
      info.stops.forEach(function (stop) {
        var partner = partnerOf(stop[0], chosen.line);
        if (!partner) { return; }
        var its = lines[partner.line].querySelector("[data-stop='" + partner.stop + "']");
        if (its) { its.classList.add("current"); }
      });
    } else {
      var asked = document.querySelector("[data-visit='" + CSS.escape(chosen.visit) + "']");
      if (asked) {
        asked.classList.add("current");
        asked.querySelector("button").setAttribute("aria-expanded", "true");
      }
    }
    if (!day) { return; }
    var side = day.querySelector(".side");
    var content = side.querySelector(".content");
    content.replaceChildren();
    var title = info ? named("caregivers", info.who)
      : named("clients", data.visits[chosen.visit].client);
    var head = part("h3", title);
    head.tabIndex = -1;
    content.appendChild(head);
    if (info) { fillLine(content, chosen.line); } else { fillVisit(content, chosen.visit); }
    side.classList.add("open");
    if (focus) {
      head.focus({ preventScroll: true });
      (info ? lines[chosen.line] : head).scrollIntoView({ block: "nearest" });
      var item = content.querySelector("li.chosen");
      if (item) { item.scrollIntoView({ block: "nearest" }); }
    }
  }
  function open(number, stop) {
    if (chosen === null) { opener = document.activeElement; }
    var row = lines[number].querySelector("button");
    rove(row);
    if (opener === null || opener === body || opener.closest(".side")) { opener = row; }
    chosen = { line: number, stop: stop };
    paint(true);
  }
  function openVisit(id, button) {
    opener = button;
    chosen = { visit: id };
    paint(true);
  }
  function close(focus) {
    var was = opener;
    chosen = null;
    opener = null;
    paint(false);
    if (focus && was && was.isConnected) { was.focus(); }
  }
  document.addEventListener("click", function (event) {
    var target = event.target;
    if (target.closest(".close")) { close(true); return; }
    var asked = target.closest("tr[data-visit]");
    if (asked && target.closest("button")) { openVisit(asked.dataset.visit, target); return; }
    var row = target.closest("tr.line");
    if (row) {
      var bar = target.closest("[data-stop]");
      open(Number(row.dataset.line), bar ? Number(bar.dataset.stop) : undefined);
      return;
    }
    var spot = target.closest(".map [data-who]");
    if (spot) {
      var day = Array.prototype.indexOf.call(days, spot.closest(".day"));
      for (var n = 0; n < data.lines.length; n += 1) {
        if (data.lines[n].day === day && data.lines[n].who === spot.dataset.who) {
          open(n);
          return;
        }
      }
    }
  });
  document.querySelectorAll(".zoom").forEach(function (button) {
    button.addEventListener("click", function () {
      var pressed = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!pressed));
      drawRoute();
    });
  });

  // Keyboard ----------------------------------------------------------------------------------

  function buttons() {
    return Array.prototype.filter.call(document.querySelectorAll("tr.line button"),
      function (button) { return !button.closest("[hidden]"); });
  }
  function rove(button) {
    document.querySelectorAll("tr.line button").forEach(function (one) { one.tabIndex = -1; });
    var row = button && !button.closest("[hidden]") ? button : buttons()[0];
    if (row) { row.tabIndex = 0; }
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && chosen !== null) { close(true); return; }
    if (!event.target.closest("tr.line")) { return; }
    var all = buttons();
    var at = all.indexOf(event.target);
    var next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || at < 0 || !all[next]) { return; }
    event.preventDefault();
    rove(all[next]);
    all[next].focus();
  });

  // Finding -----------------------------------------------------------------------------------

  var form = document.getElementById("find");
  function textOf(visit, id) {
    var parts = [id];
    if (visit) {
      parts.push(visit.client, called("clients", visit.client));
      visit.services.forEach(function (code) {
        var texts = data.services[code];
        parts.push(texts.en, texts.zh);
      });
    }
    return parts.join(" ").toLowerCase();
  }
  var visitText = {};
  Object.keys(data.visits).forEach(function (id) { visitText[id] = textOf(data.visits[id], id); });
  function holds(skills, asked) {
    var want = asked.split(":");
    return (skills || []).some(function (one) {
      var has = one.split(":");
      return has[0] === want[0] && Number(has[1]) >= Number(want[1]);
    });
  }
  function visitFits(id, asked) {
    var visit = data.visits[id];
    var client = visit ? data.clients[visit.client] || {} : {};
    return (!asked.town || client.town === asked.town) &&
      (!asked.text || (visitText[id] || id.toLowerCase()).indexOf(asked.text) >= 0);
  }
  function lineFits(info, row, asked) {
    var who = data.caregivers[info.who] || {};
    if (asked.org && who.org !== asked.org) { return false; }
    if (asked.skill && !holds(who.skills, asked.skill)) { return false; }
    if (asked.idle && info.stops.length) { return false; }
    var mine = (info.who + " " + called("caregivers", info.who)).toLowerCase();
    var known = asked.text && mine.indexOf(asked.text) >= 0;
    var rest = { town: asked.town, text: known ? "" : asked.text };
    var some = false;
    info.stops.forEach(function (stop, at) {
      var fits = visitFits(stop[0], rest);
      some = some || fits;
      row.querySelectorAll("[data-stop='" + at + "']").forEach(function (bar) {
        bar.classList.toggle("dim", !fits);
      });
    });
    return some || (!info.stops.length && !rest.text);
  }
  function openFits(id, asked) {
    var visit = data.visits[id];
    var client = data.clients[visit.client] || {};
    if (asked.org && client.org && client.org !== asked.org) { return false; }
    if (asked.skill && visit.needs.length && !visit.needs.some(function (need) {
      return holds([asked.skill], need);
    })) { return false; }
    return visitFits(id, asked);
  }
  function find() {
    var asked = {
      text: form.elements.text.value.trim().toLowerCase(),
      org: form.elements.org ? form.elements.org.value : "",
      town: form.elements.town ? form.elements.town.value : "",
      skill: form.elements.skill ? form.elements.skill.value : "",
      idle: form.elements.idle.checked
    };
    var shown = 0, left = 0;
    data.lines.forEach(function (info, n) {
      var fits = lineFits(info, lines[n], asked);
      lines[n].hidden = !fits;
      shown += fits ? 1 : 0;
    });
    document.querySelectorAll("tr[data-visit]").forEach(function (row) {
      row.hidden = !openFits(row.dataset.visit, asked);
      left += row.hidden ? 0 : 1;
    });
    document.querySelectorAll("tbody.free").forEach(function (group) {
      group.hidden = !group.querySelector("tr.line:not([hidden])");
    });
    form.querySelector("output").textContent =
      word("page.shown", { lines: shown, all: data.lines.length, open: left });
    rove(document.querySelector("tr.line button[tabindex='0']"));
  }
  form.addEventListener("input", find);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { window.setTimeout(find, 0); });

  // Language ----------------------------------------------------------------------------------

  function speak(next) {
    body.dataset.lang = next;
    document.documentElement.lang = next === "zh" ? "zh-CN" : next;
    document.querySelectorAll("[data-" + next + "]").forEach(function (one) {
      one.textContent = one.dataset[next];
    });
    document.querySelectorAll("[data-label-" + next + "]").forEach(function (one) {
      one.setAttribute("aria-label", one.getAttribute("data-label-" + next));
    });
    paint(false);
    find();
  }
  document.getElementById("language").addEventListener("click", function () {
    speak(body.dataset.lang === "en" ? "zh" : "en");
  });

  document.querySelectorAll("[data-scripted]").forEach(function (one) { one.hidden = false; });
  if (days.length) { showDay(0); }
  find();
})();
