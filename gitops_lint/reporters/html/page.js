
"use strict";
(() => {
  const all = [...document.querySelectorAll(".f")];
  const form = document.querySelector("form.bar");
  const count = document.getElementById("count");
  const texts = new WeakMap();

  const text = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };

  const number = (n, one) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;

  function filter() {
    const data = new FormData(form);
    const severities = new Set(data.getAll("severity"));
    const words = document.getElementById("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [rule, application, environment] = ["rule", "application", "environment"].map((name) => data.get(name) || "");
    let shown = 0;
    for (const item of all) {
      const fits =
        severities.has(item.classList[1]) &&
        (!data.has("new") || item.dataset.n === "1") &&
        (rule === "" || item.dataset.r === rule) &&
        (application === "" || item.dataset.a === application) &&
        (environment === "" || item.dataset.e.split(" ").includes(environment)) &&
        words.every((word) => text(item).includes(word));
      if (item.hidden === fits) item.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown === all.length ? number(shown, "finding") : `${shown.toLocaleString("en")} of ${number(all.length, "finding")}`;
    document.getElementById("nothing").hidden = shown > 0 || all.length === 0;
  }

  function move(step) {
    const shown = all.filter((item) => !item.hidden);
    const here = shown.indexOf(document.activeElement?.closest?.(".f"));
    const next = shown[here < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(Math.max(here + step, 0), shown.length - 1)];
    if (!next) return;
    next.querySelector("summary").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function unfold() {
    const item = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!item?.classList.contains("f")) return;
    if (item.hidden) form.reset(), filter();
    item.querySelector("details").open = true;
    item.scrollIntoView({ block: "center" });
  }

  if (form) {
    let waiting = 0;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 60);
    });
    form.addEventListener("reset", () => setTimeout(filter));
    for (const button of document.querySelectorAll("[data-rule]"))
      button.addEventListener("click", () => {
        const select = form.elements.rule;
        select.value = [...select.options].find((option) => option.text === button.dataset.rule)?.value ?? "";
        filter();
        document.getElementById("findings").scrollIntoView();
      });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const typing = event.target.matches("input[type=search], select");
      if (event.key === "Escape") {
        form.reset();
        document.activeElement?.blur();
      } else if (!typing && event.key === "/") {
        event.preventDefault();
        document.getElementById("search").focus();
      } else if (!typing && (event.key === "j" || event.key === "k")) {
        move(event.key === "j" ? 1 : -1);
      }
    });
    filter();
  }

  document.getElementById("theme").addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
      (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")].filter((item) => !item.closest("[hidden]")).slice(0, 1000);
    for (const item of folded) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of folded) item.open = false;
  });
  addEventListener("hashchange", unfold);
  unfold();
})();
