// Looks at the page as a reader does. Each function answers with complaints in words.
globalThis.look = (() => {
  // By characters: half of one cannot travel as JSON.
  const words = (text) => [...text.trim().replace(/\s+/g, " ")].slice(0, 40).join("");
  const name = (it) => `<${it.tagName.toLowerCase()}${it.id && "#" + it.id}${[...it.classList].map((c) => "." + c).join("")}> "${words(it.textContent)}"`;
  const isSeen = (it) => it.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && it.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);
  const scrolls = (it) => /auto|scroll/.test(getComputedStyle(it).overflowX);
  const isInScroller = (it) => { for (let at = it.parentElement; at && at !== document.body; at = at.parentElement) if (scrolls(at)) return true; return false; };
  // Text for screen readers only is a pixel wide on purpose.
  const isHidden = (it) => !!it.closest(".hidden, .skip");
  const sticksOut = () => all("body *").filter((it) => it.getBoundingClientRect().right > innerWidth + 1 && !isInScroller(it));

  const sideways = () => {
    const width = document.scrollingElement.scrollWidth;
    return width <= innerWidth ? [] : [`scrolls sideways: ${width} px in ${innerWidth}; see ${sticksOut().slice(-3).map(name).join(", ")}`];
  };

  const cut = () => {
    const isCut = (it) => {
      const style = getComputedStyle(it);
      const clips = (overflow) => /hidden|clip/.test(overflow);
      return (clips(style.overflowX) && it.scrollWidth > it.clientWidth + 1) || (clips(style.overflowY) && it.scrollHeight > it.clientHeight + 1);
    };
    const texts = all("body *:not(svg, svg *)").filter((it) => it.innerText && !it.title && !isHidden(it) && isCut(it));
    const isOutside = ({ left, right }) => left < -1 || right > innerWidth + 1;
    const labels = all("svg text").filter((it) => isOutside(it.getBoundingClientRect()) && !isInScroller(it));
    return [...texts, ...labels].map((it) => `text is cut: ${name(it)}`);
  };

  const small = () => all("nav a, nav summary, nav button").flatMap((it) => {
    const { width, height } = it.getBoundingClientRect();
    return width >= 24 && height >= 24 ? [] : [`too small to touch (${Math.round(width)} x ${Math.round(height)} px): ${name(it)}`];
  });

  const moving = () => all("body *").flatMap((it) => {
    const style = getComputedStyle(it);
    const durations = `${style.transitionDuration}, ${style.animationDuration}`.split(", ");
    return durations.every((duration) => parseFloat(duration) === 0) ? [] : [`moves: ${name(it)}`];
  });

  const paper = () => {
    const isCut = (it) => !isHidden(it) && /auto|scroll|hidden|clip/.test(getComputedStyle(it).overflowX) && it.scrollWidth > it.clientWidth + 1;
    return [...sideways(), ...all("body *:not(svg, svg *)").filter(isCut).map((it) => `paper cannot scroll: ${name(it)}`)];
  };

  // Where Tab has to go, in this order. Of the radio buttons of a group, Tab stops at one. It may pass a link that
  // says so only where another one, which it does not pass, leads to the same place.
  const isPassed = (it) => it.getAttribute("tabindex") === "-1";
  const stops = () => {
    const found = all("a[href], button, input, select, textarea, summary, [tabindex='0']").filter((it) => !it.disabled && it.type !== "radio" && !it.closest("dialog"));
    const reached = new Set(found.filter((it) => !isPassed(it)).map((it) => it.getAttribute("href")).filter((href) => href !== null));
    return found.filter((it) => !isPassed(it) || !reached.has(it.getAttribute("href")));
  };
  const way = [];
  const hasRing = (it) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    return isSeen(it) && outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  };
  // Writes down where the focus goes from now on.
  const follow = () => {
    document.addEventListener("focusin", ({ target }) => way.push({ name: name(target), isStop: stops().includes(target), hasRing: hasRing(target) }));
    return stops().map(name);
  };
  const folded = () => all("summary");

  const content = () => {
    const main = document.querySelector("main") ?? document.body;
    const headings = [...main.querySelectorAll("h1, h2, h3")].map((it) => words(it.textContent));
    const rows = [...main.querySelectorAll("table")].map((it) => `a table of ${it.rows.length} rows`);
    return [...headings, ...rows];
  };

  return { sideways, cut, small, moving, paper, follow, way, folded, content };
})();
