// How a question in everyday words becomes a ranked list. Runs in the browser, sends nothing.
// Every word is looked up alone in the Pagefind index and the scores are added: a page needs not
// hold all the words, but the more it holds the higher it stands.

// By the filter «tipo»: offices and chapters repeat the names of many services, so sheets stand
// above them; a Comune is named everywhere, but its own page is the answer to its name.
const BOOST = { Servizio: 2.5, Comune: 5 };
const SYNONYM = 0.3; // what a word of equal meaning is worth, beside the word itself
const STAND_IN = 0.9; // and where the site never uses the word itself
const PHRASE = 3; // what two words that stand together add
const MOST_WORDS = 12;
const UNSURE = 0.3; // what is typed, where only the corrected word is known

// Words that stand in every Italian text and would drown those that mean something.
const COMMON = new Set(
  `a ad al allo alla ai agli alle all anche ancora c che chi ci ce coi col coll com come con cosa cui
  d da dal dallo dalla dai dagli dalle dall dei del dello della degli delle dell di dove dov e ed era
  essere fa faccio fare far ha hai hanno ho i il in io l la le lei li lo loro lui m ma me mi mia mie
  miei mio molto ne nel nello nella nei negli nelle nell no noi non nostra nostro o oppure per perche
  piu po poi posso puo qual quale quali quando quanto quella quello quest questa questo qui s sa se sei
  senza si siamo solo sono sta stare sto sta su sua sue sugli sui sul sullo sulla sull suo t ti tra fra
  tu tua tuo tutti tutto un una uno un va vado vi voi volevo vorrei voglio vuole devo deve serve serve
  bisogno servono avere quanti mai gia cerco sapere modo via stato stata dopo prima dare vicino`.split(/\s+/),
);

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
// Crude on purpose: singular and plural of a word must have the same root, no more.
const root = (word) => word.replace(/(?<=..)h?[aeiou]{1,2}$/, "");

let opened;

// The index, the list of words and the pages by facet: once for each visit of the page.
export function open() {
  opened ??= (async () => {
    const near = (path) => new URL(path, import.meta.url).href;
    const [pagefind, list] = await Promise.all([
      import(near("../pagefind/pagefind.js")),
      fetch(near("parole.json")).then((answer) => answer.json()),
    ]);
    await pagefind.options({ ranking: { termSimilarity: 8, pageLength: 0.3, termSaturation: 1, metaWeights: { title: 0, riassunto: 0 } } });
    const words = list.parole.split(" ");
    const synonyms = new Map();
    for (const group of list.sinonimi) for (const word of group) {
      const key = root(fold(word));
      synonyms.set(key, [...(synonyms.get(key) ?? []), ...group.map(fold)]);
    }
    const roots = new Set(words.map(root));
    const candidates = [...new Set([...words, ...list.sinonimi.flat().map(fold)])];
    return { pagefind, roots, candidates, synonyms, facets: await pagesByFacet(pagefind) };
  })();
  return opened;
}

async function pagesByFacet(pagefind) {
  const facets = new Map();
  for (const [name, values] of Object.entries(await pagefind.filters())) {
    const pages = new Map();
    for (const value of Object.keys(values)) {
      const { results } = await pagefind.search(null, { filters: { [name]: [value] } });
      pages.set(value, new Set(results.map(({ id }) => id)));
    }
    facets.set(name, pages);
  }
  return facets;
}

// "Dov'è il C.A.V.?" -> ["dov", "e", "il", "cav"]
function plain(question) {
  const undotted = fold(question).replace(/(?<=\p{L})\.(?=\p{L})/gu, "");
  return undotted.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

// Those that mean something: ["cav"]
export function wordsOf(question) {
  const words = plain(question);
  const kept = words.filter((word) => !COMMON.has(word));
  return kept.length || words.length > 1 ? kept : words;
}

// Edits between two words (a swap of neighbours is one), or `limit` + 1 as soon as they are more.
function distance(a, b, limit) {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let [before, row] = [[], [...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    if (Math.min(...next) > limit) return limit + 1;
    [before, row] = [row, next];
  }
  return row[b.length];
}

// The word of the site that was probably meant, or nothing.
function corrected(word, words) {
  const limit = word.length < 4 || /\d/.test(word) ? 0 : word.length < 8 ? 1 : 2;
  let [best, least] = [undefined, limit + 0.9];
  for (const other of limit ? words : []) {
    const found = distance(word, other, limit) + (word[0] === other[0] ? 0 : 0.5);
    if (found < least) [best, least] = [other, found];
  }
  return best;
}

// Everything that may stand for a typed word, with its worth. Pagefind answers a word that it does
// not know with others that begin alike: so only words that the site has are asked in full.
function variants(word, { candidates, roots, synonyms }) {
  const has = (other) => roots.has(root(other)) || /\d/.test(other);
  const known = has(word) || synonyms.has(root(word));
  const meant = known ? undefined : corrected(word, candidates);
  const said = meant ?? word;
  const others = (synonyms.get(root(said)) ?? []).filter(has);
  const worth = new Map(others.map((other) => [other, has(said) ? SYNONYM : STAND_IN]));
  if (meant || !known) worth.set(word, UNSURE);
  if (has(said)) worth.set(said, 1);
  return { meant, worth };
}

// The question and its pairs of neighbours, as Pagefind wants exact phrases.
function phrases(question) {
  const words = plain(question);
  const alone = words.every((word) => COMMON.has(word));
  const telling = (word) => alone || !COMMON.has(word);
  const pairs = words.slice(1).map((word, i) => [words[i], word]).filter((pair) => pair.some(telling));
  return pairs.map((pair) => `"${pair.join(" ")}"`);
}

// Answers { results: [{ id, data }], correction, facets }, best first.
export async function find(question) {
  const index = await open();
  const terms = wordsOf(question).slice(0, MOST_WORDS);
  const found = new Map();
  let meantQuestion = fold(question);
  for (const term of terms) {
    const { meant, worth } = variants(term, index);
    if (meant) meantQuestion = meantQuestion.replace(term, meant);
    await add(found, index, worth);
  }
  for (const page of found.values()) page.score *= page.matched / terms.length;
  const asked = phrases(meantQuestion).slice(0, MOST_WORDS);
  for (const phrase of asked) await add(found, index, new Map([[phrase, PHRASE]]), !found.size);
  const kinds = Object.entries(BOOST).map(([kind, boost]) => {
    return [index.facets.get("tipo")?.get(kind) ?? new Set(), boost];
  });
  const rank = ({ score, id }) => score * (kinds.find(([pages]) => pages.has(id))?.[1] ?? 1);
  const results = [...found.values()].sort((a, b) => rank(b) - rank(a));
  const correction = meantQuestion === fold(question) ? "" : meantQuestion;
  return { results, correction, facets: index.facets };
}

// Adds to each page found the best score that one word, in any of its variants, has there.
async function add(found, { pagefind }, worth, isNew = true) {
  const best = new Map();
  for (const [word, value] of worth) {
    for (const { id, score, data } of (await pagefind.search(word)).results) {
      if (!isNew && !found.has(id)) continue;
      const before = best.get(id)?.score ?? 0;
      best.set(id, { id, data, score: Math.max(before, score * value) });
    }
  }
  for (const [id, { data, score }] of best) {
    const page = found.get(id) ?? { id, data, score: 0, matched: 0 };
    found.set(id, { ...page, score: page.score + score, matched: page.matched + 1 });
  }
}
