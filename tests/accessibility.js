// Measures that the accessibility tests take in a page, as `measures.NAME()`.
globalThis.measures = (() => {
  const TABBABLE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const visited = new Set();
  let reached = null;

  const name = element =>
    `${element.localName}${element.id && `#${element.id}`}${[...element.classList].map(c => `.${c}`).join('')}`
    + ` «${(element.textContent || element.value || '').trim().replace(/\s+/g, ' ').slice(0, 30)}»`;
  const shown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const hiddenFromSight = element => {
    const { width, height } = element.getBoundingClientRect();
    return width <= 1 || height <= 1;
  };

  // --- Colours -------------------------------------------------------------------------------
  const rgba = colour => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  };
  const luminance = data => {
    const [r, g, b] = [...data].slice(0, 3).map(v => v / 255).map(
      v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const background = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return rgba(getComputedStyle(document.documentElement).colorScheme === 'dark' ? '#000' : '#fff');
  };

  // --- Focus ---------------------------------------------------------------------------------
  // The rings that show the focus: the outline and shadows that only spread, as [width, colour].
  const rings = element => {
    const style = getComputedStyle(element);
    const found = [];
    if (style.outlineStyle !== 'none') found.push([parseFloat(style.outlineWidth), rgba(style.outlineColor)]);
    const shadows = style.boxShadow === 'none' ? [] : style.boxShadow.split(/,(?![^(]*\))/);
    let inner = 0;
    for (const shadow of shadows) {
      const [x, y, blur, spread] = shadow.match(/-?[\d.]+px/g).map(parseFloat);
      if (x || y || blur || spread <= inner) continue;
      found.push([spread - inner, rgba(shadow.match(/^\s*([a-z]+\(.*?\)|#\w+|[a-z]+)/)[1])]);
      inner = spread;
    }
    return found.filter(([width, colour]) => width > 0 && colour[3] > 127);
  };
  // A control may show its focus on its label or on the card that it fills.
  const indicators = element => [
    element, ...(element.labels ?? []), element.nextElementSibling,
    ...(function* () { for (let at = element.parentElement, i = 0; at && i < 3; at = at.parentElement, i += 1) yield at; })(),
  ].filter(Boolean).map(at => [at, rings(at)]).filter(([, found]) => found.length);

  const focusFault = element => {
    const [place, found] = indicators(element)[0] ?? [];
    if (!place) return 'no focus indicator';
    const width = found.reduce((sum, [ring]) => sum + ring, 0);
    if (width < 3) return `focus indicator of ${width} px`;
    const outside = background(place.parentElement ?? place);
    // An outline at a distance has the surroundings on both sides.
    const apart = parseFloat(getComputedStyle(place).outlineOffset) >= 2;
    const adjacent = apart ? [outside] : [background(place), outside];
    for (const colour of adjacent) {
      const best = Math.max(...found.map(([, ring]) => contrast(ring, colour)));
      if (best < 3) return `focus contrast ${best.toFixed(2)}:1 against rgb(${[...colour].slice(0, 3)})`;
    }
    return '';
  };

  const sightFault = element => {
    const target = hiddenFromSight(element) ? element.labels?.[0] ?? element : element;
    if (!shown(target)) return 'not visible';
    const rects = [...target.getClientRects()].filter(r => r.width > 1 && r.height > 1);
    const seen = rects.some(({ left, top, width, height }) => [0.1, 0.5, 0.9].some(part => {
      const hit = document.elementFromPoint(left + width * part, top + height / 2);
      return hit && (target.contains(hit) || hit.contains(target) && hit.closest('a, button, label, summary'));
    }));
    return seen ? '' : 'out of sight or covered';
  };

  return {
    // One step of a walk with the Tab key: what has the focus now, and what is wrong with it.
    step() {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return { at: '', end: true };
      const end = visited.has(element);
      const faults = [focusFault(element), sightFault(element)].filter(Boolean);
      const back = reached && reached.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
      if (!end && back) faults.push(`comes after ${name(reached)}, which stands later in the page`);
      visited.add(element);
      reached = element;
      return { at: name(element), end, faults: end ? [] : faults };
    },
    // What a person could use and a walk with the Tab key has not reached.
    missed() {
      return [...document.querySelectorAll(TABBABLE)].filter(element =>
        !visited.has(element) && element.tabIndex >= 0 && !element.disabled && shown(element)
        && !element.closest('[inert]')
        && !(element.localName === 'summary' && element.parentElement.querySelector('summary') !== element)
        && !(element.type === 'radio' && [...visited].some(other => other.name === element.name))).map(name);
    },
    focused: () => name(document.activeElement),
    // What sticks out to the right; what scrolls by itself (wide tables) may.
    wide() {
      const limit = document.documentElement.clientWidth;
      const faults = document.documentElement.scrollWidth > limit ? [`page is ${document.documentElement.scrollWidth} px wide`] : [];
      const scrolls = element => {
        for (let at = element; at; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at !== document.documentElement && at !== document.body) return true;
        return false;
      };
      for (const element of document.querySelectorAll('body *')) {
        if (!shown(element) || hiddenFromSight(element)) continue;
        const { right, left } = element.getBoundingClientRect();
        if (right > limit + 1 && left < limit && element.textContent.trim() && !scrolls(element)) faults.push(`${name(element)} ends at ${Math.round(right)} px`);
      }
      return faults;
    },
    // The reader's own spacing (WCAG 1.4.12), without a <style> that a strict policy refuses.
    spread() {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
        p { margin-bottom: 2em !important }`);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    },
    // Text cut by a box that neither grows nor scrolls.
    clipped() {
      const faults = [];
      for (const element of document.querySelectorAll('body *')) {
        if (!element.textContent.trim() || !shown(element) || hiddenFromSight(element)) continue;
        if (getComputedStyle(element).display === 'inline') continue;
        const { overflowX, overflowY, textOverflow } = getComputedStyle(element);
        const cuts = value => value === 'hidden' || value === 'clip';
        if (cuts(overflowY) && element.scrollHeight > element.clientHeight + 1) faults.push(`${name(element)} cut below`);
        if (cuts(overflowX) && element.scrollWidth > element.clientWidth + 1) faults.push(`${name(element)} cut at the side (${textOverflow})`);
      }
      return faults;
    },
    // In forced colours only borders and outlines are left to tell a control from text.
    unmarked() {
      return [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea')]
        .filter(element => shown(element) && !hiddenFromSight(element))
        .filter(element => {
          const style = getComputedStyle(element);
          if (style.textDecorationLine.includes('underline')) return false;
          const native = /^(checkbox|radio)$/.test(element.type ?? '') && style.appearance !== 'none';
          return !native && !(parseFloat(style.borderBottomWidth) >= 1 && style.borderBottomStyle !== 'none');
        }).map(name);
    },
    outline() {
      const style = getComputedStyle(indicators(document.activeElement)[0]?.[0] ?? document.activeElement);
      return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
    },
    moving() {
      const seconds = value => Math.max(...value.split(',').map(part => parseFloat(part) * (part.trim().endsWith('ms') ? 0.001 : 1)));
      const faults = new Set();
      for (const element of document.querySelectorAll('*')) for (const pseudo of [null, '::before', '::after']) {
        const style = getComputedStyle(element, pseudo);
        const transition = seconds(style.transitionDuration) + Math.max(0, seconds(style.transitionDelay));
        const animation = style.animationName === 'none' ? 0 : seconds(style.animationDuration);
        if (transition > 0.0001 || animation > 0.0001) faults.add(`${name(element)}${pseudo ?? ''}`);
        if (style.scrollBehavior === 'smooth') faults.add(`${name(element)} scrolls smoothly`);
      }
      return [...faults];
    },
    // Targets below 24 px (WCAG 2.5.8). A link in a sentence may be as low as its line; a narrow
    // one needs free room beside it.
    small() {
      const inText = element => getComputedStyle(element).display === 'inline'
        && [...element.parentElement.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim().length > 1);
      const targets = [...document.querySelectorAll(TABBABLE)].filter(shown);
      const alone = element => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        return targets.every(other => other === element || other.contains(element) || [...other.getClientRects()].every(
          r => Math.max(r.left - x, x - r.right) >= 12 || Math.max(r.top - y, y - r.bottom) >= 12));
      };
      return targets.filter(element => {
        if (element.tabIndex < 0 || !shown(element) || hiddenFromSight(element) || inText(element)) return false;
        const boxes = [element, ...(element.labels ?? [])].map(at => at.getBoundingClientRect());
        return !boxes.some(({ width, height }) => height >= 23.9 && (width >= 23.9 || alone(element)));
      }).map(element => {
        const { width, height } = element.getBoundingClientRect();
        return `${name(element)} ${Math.round(width)}x${Math.round(height)}`;
      });
    },
  };
})();
