/* Reads the content as the builder does, and writes it back so that only what was changed changes.

   A text is never written anew: the values that differ are put in the place of the old ones, so
   that comments, the order of the fields and the author's own way of writing stay. */
"use strict";

globalThis.carta = (() => {
  // What the builder's own reader takes for something else than a string (loader.py).
  const INTEGER = "-?(?:0|[1-9][0-9]{0,14})";
  const TYPED = [
    [/^(?:true|false)$/, (text) => text === "true"],
    [/^(?:null|~|)$/, () => null],
    [RegExp(`^${INTEGER}$`), Number],
    [RegExp(`^${INTEGER}\\.[0-9]+$`), Number],
  ];
  // What other readers might take for something else, or what has a meaning in YAML.
  const AMBIGUOUS = /^(?:y|n|yes|no|on|off|true|false|null|~|[-+.]?[0-9].*|[-?:](?:\s.*)?)$/i;
  const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
  const SIGNS = /^[-?:,[\]{}#&*!|>'"%@`=<]|:(?:\s|$)|\s#|[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;
  // What we keep in the form beside the data, and never write.
  const ORIGINAL = "_originale";
  const KIND = "_tipo";
  const WIDTH = 100;

  class Unwritable extends Error {}

  function parse(text) {
    const document = YAML.parseDocument(text, { schema: "failsafe", logLevel: "silent" });
    if (document.errors.length || !YAML.isMap(document.contents)) {
      throw new Unwritable("Il file non si può leggere: va corretto a mano, poi si riprova.");
    }
    return document.contents;
  }

  function plain(node) {
    if (YAML.isMap(node)) {
      return Object.fromEntries(node.items.map((pair) => [pair.key.value, plain(pair.value)]));
    }
    if (YAML.isSeq(node)) return node.items.map(plain);
    if (!node) return null;
    if (node.type !== "PLAIN") return node.value;
    const typed = TYPED.find(([form]) => form.test(node.value));
    return typed ? typed[1](node.value) : node.value;
  }

  function same(one, other) {
    if (one === other) return true;
    if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
    const keys = Object.keys(one);
    return (
      Array.isArray(one) === Array.isArray(other) &&
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
    );
  }

  /* What is meant by what the form gives: without what was left empty, as the old value was. */
  function meant(value, old, field) {
    if (same(value, old)) return value;
    if (typeof value === "string") return meantText(value, old);
    if (Array.isArray(value)) {
      const items = value.map((item, index) => {
        const twin = Array.isArray(old) ? (old.find((was) => same(was, item)) ?? old[index]) : undefined;
        return meant(item, twin, itemOf(field));
      });
      return items.filter((item) => !isEmpty(item));
    }
    if (value && typeof value === "object") return meantMap(value, old, field);
    return value;
  }

  function meantMap(value, old, field) {
    const was = old && typeof old === "object" && !Array.isArray(old) ? old : {};
    const result = {};
    for (const [key, item] of Object.entries(value)) {
      const known = Object.hasOwn(was, key);
      const part = fieldOf(field, key);
      const now = meant(item, was[key], part);
      if (known && same(now, was[key])) result[key] = now;
      else if (isEmpty(now)) continue;
      // An unticked box is not worth a line, unless the schema wants the line.
      else if (now === false && !known && !part?.obbligatorio) continue;
      else result[key] = now;
    }
    const others = Object.keys(result);
    for (const part of field?.fields ?? []) {
      if (others.length && part.obbligatorio && !Object.hasOwn(result, part.name)) {
        throw new Unwritable(`Manca «${part.label ?? part.name}» in «${field.label ?? "questa scheda"}».`);
      }
    }
    return result;
  }

  function meantText(value, old) {
    const lines = typeof old === "string" ? old.includes("\n") : value.trimEnd().includes("\n");
    const text = value.replace(/\r\n?/g, "\n").replace(lines ? /\n+$/ : /^\s+|\s+$/g, "");
    const kept = typeof old === "string" ? old.endsWith("\n") : lines;
    const whole = kept && text ? `${text}\n` : text;
    // A number that was written as one stays one: the CAP, a house number.
    return typeof old === "number" && TYPED[2][0].test(whole) ? Number(whole) : whole;
  }

  const isEmpty = (value) =>
    value === null || value === undefined || value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0);
  const fieldOf = (field, name) => field?.fields?.find((part) => part.name === name);
  const itemOf = (field) => (field?.fields ? { label: field.label, fields: field.fields } : field?.field);

  /* --- scalars and new parts as text --- */

  function quoted(text) {
    const escape = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
    return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escape);
  }

  function scalar(value, style, flow) {
    if (typeof value !== "string") return JSON.stringify(value);
    const unsafe = SIGNS.test(value) || (flow && /[,[\]{}]/.test(value));
    if (style === "QUOTE_SINGLE" && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(value)) {
      return `'${value.replaceAll("'", "''")}'`;
    }
    if (style === "QUOTE_DOUBLE" || unsafe || !value || value !== value.trim()) return quoted(value);
    return AMBIGUOUS.test(value) && !DAY.test(value) ? quoted(value) : value;
  }

  const isLong = (value) => typeof value === "string" && value.includes("\n");
  const isLiteral = (text) =>
    isLong(text) && !/^[ \t\n]|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(text) && !/[ ]+\n/.test(text);

  function literal(text, indent) {
    const pad = " ".repeat(indent);
    const lines = text.replace(/\n$/, "").split("\n").map((line) => (line ? pad + line : ""));
    return [text.endsWith("\n") ? "|" : "|-", `\n${lines.join("\n")}`];
  }

  function flowText(value, kept = () => undefined) {
    const source = kept(value);
    if (source !== undefined) return source;
    if (Array.isArray(value)) return `[${value.map((item) => flowText(item, kept)).join(", ")}]`;
    if (value && typeof value === "object") {
      const parts = Object.entries(value).map(([key, item]) => `${key}: ${flowText(item, kept)}`);
      return `{${parts.join(", ")}}`;
    }
    return scalar(value, "", true);
  }

  /* The text after a key at this column, or after the hyphen of an item: one line if it fits. */
  function fresh(value, indent, field, isItem = false) {
    const pad = " ".repeat(indent);
    const space = isItem ? "" : " ";
    if (value === null || typeof value !== "object") {
      if (!isLiteral(value)) return `${space}${scalar(value, "", false)}\n`;
      return `${space}${literal(value, indent + (isItem ? 0 : 2)).join("")}\n`;
    }
    const parts = Array.isArray(value) ? value : Object.values(value);
    const oneLine = flowText(value);
    const isFlat = parts.every((part) => (part === null || typeof part !== "object") && !isLong(part));
    if (isFlat && indent + oneLine.length < WIDTH) return `${space}${oneLine}\n`;
    if (Array.isArray(value)) {
      const deeper = isItem ? pad : `${pad}  `;
      const items = value.map((item) => `- ${fresh(item, deeper.length + 2, itemOf(field), true)}`);
      return (isItem ? "" : "\n") + (isItem ? "" : deeper) + items.join(deeper);
    }
    const deeper = isItem ? indent : indent + 2;
    const rows = freshRows(value, deeper, field);
    return isItem ? rows.trimStart() : `\n${rows}`;
  }

  function freshRows(value, indent, field) {
    return inOrder(Object.keys(value), field)
      .map((key) => `${" ".repeat(indent)}${key}:${fresh(value[key], indent, fieldOf(field, key))}`)
      .join("");
  }

  function inOrder(keys, field) {
    const order = (field?.fields ?? []).map((part) => part.name);
    const place = (key) => (order.includes(key) ? order.indexOf(key) : order.length);
    return [...keys].sort((one, other) => place(one) - place(other));
  }

  /* --- changing a text --- */

  class Patch {
    constructor(text) {
      this.text = text;
      this.edits = [];
    }

    replace(start, end, text) {
      this.edits.push([start, end, text, this.edits.length]);
    }

    insert(at, text) {
      const isOpen = at > 0 && this.text[at - 1] !== "\n"; // the last line of the file has no end
      this.replace(at, at, isOpen ? `\n${text.replace(/\n$/, "")}` : text);
    }

    lineStart(at) {
      return this.text.lastIndexOf("\n", at - 1) + 1;
    }

    lineEnd(at) {
      if (at > 0 && this.text[at - 1] === "\n") return at;
      const end = this.text.indexOf("\n", at);
      return end < 0 ? this.text.length : end + 1;
    }

    column(at) {
      return at - this.lineStart(at);
    }

    end(node, key) {
      if (!node || (YAML.isScalar(node) && node.type === "PLAIN" && node.value === "")) {
        return key ? key.range[1] + 1 : node.range[1];
      }
      if (YAML.isScalar(node) || node.flow) return node.range[1];
      const last = node.items.at(-1);
      return last.key ? this.end(last.value, last.key) : this.end(last);
    }

    done() {
      const edits = this.edits.sort((one, other) => one[0] - other[0] || one[3] - other[3]);
      let result = "";
      let from = 0;
      for (const [start, end, text] of edits) {
        if (start < from) throw new Unwritable("Due modifiche si toccano: salvale una alla volta.");
        result += this.text.slice(from, start) + text;
        from = end;
      }
      return result + this.text.slice(from);
    }

    value(node, now, indent, field) {
      if (same(plain(node), now)) return true;
      if (node?.flow) return this.flow(node, now);
      if (YAML.isMap(node) && now && typeof now === "object" && !Array.isArray(now)) {
        return this.map(node, now, field);
      }
      if (YAML.isSeq(node) && Array.isArray(now) && now.length) return this.list(node, now, field);
      if (YAML.isScalar(node) && (now === null || typeof now !== "object")) {
        return this.scalar(node, now, indent);
      }
      return false;
    }

    scalar(node, now, indent) {
      const [start, end] = node.range;
      if (start === end) return false;
      const isBlock = node.type.startsWith("BLOCK");
      if (isBlock && typeof now === "string") return this.block(node, now, indent);
      if (isLiteral(now)) {
        const eol = this.text.indexOf("\n", end);
        const stop = eol < 0 ? this.text.length : eol;
        const [head, lines] = literal(now, indent);
        this.replace(start, stop, head + this.text.slice(end, stop) + lines);
      } else {
        const style = typeof now === "string" && typeof plain(node) === "string" ? node.type : "";
        this.replace(start, end, scalar(now, style, false) + (isBlock ? "\n" : ""));
      }
      return true;
    }

    block(node, now, indent) {
      const [start, end] = node.range;
      const source = this.text.slice(start, end);
      const found = /^[|>][-+]?([^\n]*)\n(?:[ ]*\n)*([ ]+)/.exec(source);
      const long = isLiteral(now.includes("\n") ? now : `${now}\n`);
      if (!found || !long) {
        this.replace(start, end, `${quoted(now)}\n`);
        return true;
      }
      const [head, lines] = literal(now, found[2].length);
      this.replace(start, end, head + found[1] + lines + (source.endsWith("\n") ? "\n" : ""));
      return true;
    }

    /* A collection in brackets: what did not change in it is copied as it is written. */
    flow(node, now) {
      if (now === null || typeof now !== "object") return false;
      const sources = [];
      const collect = (part) => {
        if (YAML.isMap(part)) part.items.forEach((pair) => collect(pair.value));
        else if (YAML.isSeq(part)) part.items.forEach(collect);
        if (part) sources.push(part);
      };
      collect(node);
      const old = plain(node);
      const kept = (value) => {
        const twin = sources.find((part) => part !== node && same(plain(part), value) && part.range[0] < part.range[1]);
        return twin && this.text.slice(twin.range[0], twin.range[1]);
      };
      if (YAML.isMap(node) && same(Object.keys(old), Object.keys(now))) {
        for (const pair of node.items) {
          const value = now[pair.key.value];
          if (same(plain(pair.value), value)) continue;
          const [start, end] = pair.value?.range ?? [0, 0];
          if (start === end) return false;
          const style = typeof value === "string" ? pair.value.type : "";
          const text = YAML.isScalar(pair.value) && (value === null || typeof value !== "object")
            ? scalar(value, typeof plain(pair.value) === "string" ? style : "", true)
            : flowText(value, kept);
          this.replace(start, end, text);
        }
        return true;
      }
      const ordered = Array.isArray(now) || !YAML.isMap(node) ? now : asWritten(now, old);
      this.replace(node.range[0], node.range[1], flowText(ordered, kept));
      return true;
    }

    map(node, now, field) {
      if (!Object.keys(now).length) return false;
      const column = this.column(node.items[0].key.range[0]);
      const kept = [];
      let isFirst = true;
      for (const [index, pair] of node.items.entries()) {
        const key = pair.key.value;
        if (Object.hasOwn(now, key)) {
          kept.push(pair);
          isFirst = false;
          this.pair(pair, now[key], column, fieldOf(field, key));
        } else {
          this.drop(node, index, isFirst);
        }
      }
      if (!kept.length) return false;
      const written = kept.map((pair) => pair.key.value);
      const added = Object.keys(now).filter((key) => !written.includes(key));
      const order = inOrder([...written, ...added], field);
      for (const key of inOrder(added, field)) this.add(key, now[key], kept, order, column, field);
      return true;
    }

    pair(pair, now, column, field) {
      const before = this.edits.length;
      if (this.value(pair.value, now, column + 2, field)) return;
      this.edits.length = before;
      const end = this.lineEnd(this.end(pair.value, pair.key));
      const key = this.text.slice(...pair.key.range.slice(0, 2));
      const line = `${key}:${fresh(now, column, field)}`;
      this.replace(pair.key.range[0], end, this.text[end - 1] === "\n" ? line : line.trimEnd());
    }

    drop(node, index, isFirst) {
      const { key, value } = node.items[index];
      const next = node.items[index + 1];
      const start = key.range[0];
      const isAfterHyphen = this.text.slice(this.lineStart(start), start).trim() !== "";
      if (isFirst && isAfterHyphen && next) this.replace(start, next.key.range[0], "");
      else this.replace(this.lineStart(start), this.lineEnd(this.end(value, key)), "");
    }

    add(key, now, kept, order, column, field) {
      const earlier = order.slice(0, order.indexOf(key));
      const previous = kept.filter((pair) => earlier.includes(pair.key.value)).at(-1);
      const row = `${key}:${fresh(now, column, fieldOf(field, key))}`;
      const pad = " ".repeat(column);
      if (previous) this.insert(this.lineEnd(this.end(previous.value, previous.key)), pad + row);
      else this.replace(kept[0].key.range[0], kept[0].key.range[0], row + pad);
    }

    hyphen(item) {
      const at = this.text.lastIndexOf("-", item.range[0] - 1);
      const line = this.text.slice(this.lineStart(at), at);
      return line.trim() === "" ? at : -1;
    }

    list(node, now, field) {
      const marks = node.items.map((item) => (item?.range ? this.hyphen(item) : -1));
      if (marks.includes(-1)) return false;
      const column = this.column(marks[0]);
      const source = (index) =>
        this.text.slice(this.lineStart(marks[index]), this.lineEnd(this.end(node.items[index])));
      const old = node.items.map(plain);
      const row = (value) => {
        const moved = old.findIndex((item) => same(item, value));
        const text = moved < 0 ? `${" ".repeat(column)}- ${fresh(value, column + 2, itemOf(field), true)}` : source(moved);
        return text.endsWith("\n") ? text : `${text}\n`;
      };
      for (const [from, until, news] of gaps(old, now)) {
        const paired = Math.min(until - from, news.length);
        for (let step = 0; step < paired; step += 1) {
          const before = this.edits.length;
          const item = node.items[from + step];
          if (this.value(item, news[step], column + 2, itemOf(field))) continue;
          this.edits.length = before;
          this.replace(this.lineStart(marks[from + step]), this.lineEnd(this.end(item)), row(news[step]));
        }
        for (let index = from + paired; index < until; index += 1) {
          this.replace(this.lineStart(marks[index]), this.lineEnd(this.end(node.items[index])), "");
        }
        const rest = news.slice(paired).map(row).join("");
        if (rest) this.insert(from + paired ? this.lineEnd(this.end(node.items[from + paired - 1])) : this.lineStart(marks[0]), rest);
      }
      return true;
    }
  }

  const asWritten = (now, old) => ({
    ...Object.fromEntries(Object.keys(old).filter((key) => Object.hasOwn(now, key)).map((key) => [key, now[key]])),
    ...now,
  });

  /* Where two lists differ: from and until of the old one, and what stands there in the new. */
  function gaps(old, now) {
    const common = Array.from({ length: old.length + 1 }, () => new Array(now.length + 1).fill(0));
    for (let i = old.length - 1; i >= 0; i -= 1) {
      for (let j = now.length - 1; j >= 0; j -= 1) {
        common[i][j] = same(old[i], now[j]) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    const found = [];
    let [i, j, from, start] = [0, 0, 0, 0];
    const close = () => {
      if (from < i || start < j) found.push([from, i, now.slice(start, j)]);
    };
    while (i < old.length && j < now.length) {
      if (same(old[i], now[j])) {
        close();
        [i, j] = [i + 1, j + 1];
        [from, start] = [i, j];
      } else if (common[i + 1][j] >= common[i][j + 1]) i += 1;
      else j += 1;
    }
    [i, j] = [old.length, now.length];
    close();
    return found;
  }

  /* --- what the CMS calls --- */

  function patched(text, data, field) {
    const lines = text.replace(/\r\n/g, "\n");
    const node = parse(lines);
    const now = meant(data, plain(node), field);
    if (same(plain(node), now)) return text;
    const patch = new Patch(lines);
    if (!patch.value(node, now, 0, field)) throw new Unwritable("Il file resterebbe vuoto.");
    const result = patch.done();
    // Never save what does not say what was meant.
    if (!same(plain(parse(result)), now)) {
      throw new Unwritable("Non so scrivere questa modifica senza rovinare il file: falla a mano.");
    }
    return text.includes("\r\n") ? result.replace(/\n/g, "\r\n") : result;
  }

  function created(data, field) {
    const now = meant(data, undefined, field);
    const result = freshRows(now, 0, field);
    if (!same(plain(parse(result)), now)) {
      throw new Unwritable("Non so scrivere questi valori: controlla i segni strani.");
    }
    return result;
  }

  function split(text) {
    const found = text.startsWith("---") && /^---\r?\n([\s\S]*?)^(---[ \t]*\r?\n?)(\s*?)(?=\S|$(?![\s\S]))([\s\S]*)$/m.exec(text);
    if (!found) throw new Unwritable("La pagina non comincia con l'intestazione fra «---».");
    const [, front, fence, gap, body] = found;
    return { head: text.slice(0, found[0].indexOf("\n") + 1), front, fence, gap, body };
  }

  const without = ({ [ORIGINAL]: _, [KIND]: __, ...data }) => data;

  const yaml = {
    fromFile: (text) => ({ ...plain(parse(text.replace(/\r\n/g, "\n"))), [ORIGINAL]: text }),
    toFile(data, field) {
      const text = data[ORIGINAL];
      return text ? patched(text, without(data), field) : created(without(data), field);
    },
  };

  const page = {
    fromFile(text) {
      const { front, body } = split(text);
      return { ...plain(parse(front.replace(/\r\n/g, "\n"))), body, [ORIGINAL]: text };
    },
    toFile(data, field) {
      const { body = "", ...front } = without(data);
      const own = { ...field, fields: field?.fields?.filter((part) => part.name !== "body") };
      if (!data[ORIGINAL]) return `---\n${created(front, own)}---\n\n${body.trimEnd()}\n`;
      const old = split(data[ORIGINAL]);
      const text = body === old.body ? body : meantText(body, old.body || "\n");
      return old.head + patched(old.front, front, own) + old.fence + old.gap + text;
    },
  };

  return { yaml, page, Unwritable };
})();
