// Opening an export: all in memory. The same as endpoint/keyfiles.py, exporting.py, opening.py.
import { Decrypter, armor } from "age-encryption";

const FORMAT = "carta-invii-1";
const LOCKED = "age-encryption.org/";
const ARMORED = "-----BEGIN AGE ENCRYPTED FILE-----";
const WORDS = ["numero", "modulo", "ricevuto", "stato", "canale", "protocollo", "esito"];
const AT_ONCE = 20; // submissions between two breaths of the page

/** What is wrong, in Italian, and the id of the field where it is to be mended. */
export class Problem extends Error {
  constructor(field, sentence) {
    super(sentence);
    this.field = field;
  }
}

/** What opens submissions: the private key in a key file, locked with the phrase or plain. */
export async function readKey(bytes, phrase) {
  let text = new TextDecoder().decode(bytes).trimStart();
  if (text.startsWith(LOCKED) || text.startsWith(ARMORED)) {
    if (!phrase) throw new Problem("frase", "Scrivi la frase segreta della chiave.");
    text = await unlock(text.startsWith(ARMORED) ? text : bytes, phrase);
  }
  const line = text.split(/\r\n|\r|\n/).map((part) => part.trim())
    .find((part) => part.startsWith("AGE-SECRET-KEY-"));
  try {
    const opener = new Decrypter();
    opener.addIdentity(line ?? "");
    return opener;
  } catch {
    throw new Problem("chiave", "Nel file scelto non c'è una chiave privata age: scegli il file della chiave, che di solito finisce con «.age».");
  }
}

async function unlock(locked, phrase) {
  const opener = new Decrypter();
  // The same accents, whatever the keyboard.
  opener.addPassphrase(phrase.normalize("NFC"));
  try {
    return await opener.decrypt(typeof locked === "string" ? armor.decode(locked) : locked, "text");
  } catch {
    throw new Problem("frase", "La frase segreta non apre questa chiave: controlla maiuscole, spazi e accenti. Se è giusta, il file della chiave è rovinato: usane una copia.");
  }
}

/** The submissions of an export, still sealed. */
export function readExport(text) {
  try {
    const found = JSON.parse(text);
    if (found.formato === FORMAT) return found.invii.map(readEntry);
  } catch {
    // The sentence is the same whatever is wrong.
  }
  throw new Problem("invii", "Il file degli invii non è come lo scrive «carta-endpoint esporta», o è rovinato: fattelo rifare.");
}

function readEntry(entry) {
  const known = Object.fromEntries(WORDS.map((word) => [word, needed(entry[word])]));
  known.sospetto = entry.sospetto ? "sì" : "";
  known.ricevuto = italian(known.ricevuto);
  return { known, sealed: Uint8Array.from(atob(entry.cifrato), (c) => c.charCodeAt(0)) };
}

function needed(value) {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

// The Swedes write dates as ISO does: «2026-11-22 11:00».
const clock = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Rome", dateStyle: "short", timeStyle: "short",
});

function italian(moment) {
  return clock.format(new Date(moment));
}

/** Those that the key opens, and the numbers of those that it does not. */
export async function openAll(entries, opener, tell) {
  const opened = [], closed = [];
  for (const [place, entry] of entries.entries()) {
    if (place % AT_ONCE === 0) await tell(place, entries.length);
    try {
      opened.push(await open(entry, opener));
    } catch {
      closed.push(entry.known.numero);
    }
  }
  return { opened, closed };
}

async function open({ known, sealed }, opener) {
  const values = JSON.parse(await opener.decrypt(sealed, "text"));
  if (values.numero !== known.numero) throw new Error("another submission's ciphertext");
  const answers = values.risposte.map((given) => ({
    field: needed(given.campo), question: needed(given.domanda), text: needed(given.risposta),
  }));
  return { known, title: needed(values.titolo), answers };
}
