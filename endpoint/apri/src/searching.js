// Finding submissions by their words: accents and capitals make no difference.

/** A text as it is compared: without accents, in small letters. */
export function plain(text) {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
}

/** What is searched in a submission: number, protocol, outcome, and every answer. */
export function haystack({ known, answers }) {
  const texts = [known.numero, known.protocollo, known.esito, ...answers.map(({ text }) => text)];
  return plain(texts.join("\n"));
}

/** The submissions in which every word occurs, of a form and in a state (empty: any). */
export function filtered(items, { words, form, state }) {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  return items.filter((item) => (
    (!form || item.known.modulo === form)
    && (!state || item.known.stato === state)
    && wanted.every((word) => item.words.includes(word))
  ));
}
