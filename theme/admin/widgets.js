/* Our own fields for the CMS: a day, the name of a file, and what has no fixed fields. */
"use strict";

carta.widgets = () => {
  const control = (render, more = {}) => createClass({ ...more, render });
  const box = (props, more) => ({
    id: props.forID,
    className: "carta-campo",
    onFocus: props.setActiveStyle,
    onBlur: props.setInactiveStyle,
    ...more,
  });

  // The value of a field for days is always year-month-day, whatever the reader's language.
  const day = control(function () {
    const value = this.props.value ?? "";
    return h("input", box(this.props, {
      type: "date",
      value,
      onChange: (event) => this.props.onChange(event.target.value),
    }));
  });

  // The name of a file is chosen once: addresses and other files hold on to it.
  const id = control(function () {
    const { value = "", entry, onChange } = this.props;
    if (value && !entry?.get("newRecord")) {
      return h("p", { id: this.props.forID, className: "carta-campo carta-fisso" }, String(value));
    }
    return h("input", box(this.props, {
      type: "text",
      value,
      onChange: (event) => onChange(event.target.value),
    }));
  });

  // What has no fixed fields is written as it stands in the file.
  const free = control(
    function () {
      const { wrong, text } = this.state;
      return h("div", {}, [
        h("textarea", box(this.props, {
          key: "campo",
          rows: 6,
          value: text,
          "aria-invalid": Boolean(wrong),
          onChange: (event) => this.read(event.target.value),
        })),
        wrong && h("p", { key: "sbaglio", className: "carta-sbaglio", role: "alert" }, wrong),
      ]);
    },
    {
      getInitialState() {
        const { value } = this.props;
        const data = value?.toJS ? value.toJS() : value;
        return { text: data && Object.keys(data).length ? carta.yaml.toFile(data) : "", wrong: "" };
      },
      read(text) {
        try {
          const data = text.trim() ? carta.yaml.fromFile(text) : {};
          delete data._originale;
          this.setState({ text, wrong: "" });
          this.props.onChange(data);
        } catch {
          this.setState({ text, wrong: "Non si legge: una riga per campo, «campo: valore»." });
        }
      },
      isValid() {
        return this.state.wrong ? { error: { message: this.state.wrong } } : true;
      },
    },
  );

  return { "carta-giorno": day, "carta-id": id, "carta-libero": free };
};
