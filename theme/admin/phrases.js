/* What the CMS says: the Italian phrases that it lacks, or that would mislead who writes here. */
"use strict";

carta.phrases = (locale) => ({
  app: { header: { workflow: "Modifiche in corso", media: "File" } },
  auth: {
    login: "Entra",
    loginWithForgejo: "Entra con Forgejo",
    loginWithGitHub: "Entra con GitHub",
    loginWithGitLab: "Entra con GitLab",
  },
  collection: {
    collectionTop: { viewAsList: "Mostra come elenco", viewAsGrid: "Mostra a riquadri" },
    entries: { unpublishedHeader: "Non ancora pubblicate" },
    sidebar: { searchAll: "Cerca per nome" },
  },
  editor: {
    editorControl: { field: { widgetLabel: "Campo %{widgetLabel}" } },
    editorControlPane: {
      widget: {
        // What follows is a whole sentence that says what to write.
        regexPattern: "%{fieldLabel}: %{pattern}",
        required: "%{fieldLabel}: va scritto.",
      },
    },
    editorInterface: { toggleNotes: "Mostra o nascondi le note" },
    editorNotesPane: {
      title: "Note",
      emptyState: "Nessuna nota. Scrivi qui sotto la prima.",
      addNote: "Aggiungi una nota",
      addPlaceholder: "Scrivi una nota …",
      editPlaceholder: "Correggi la nota …",
      save: "Salva",
      cancel: "Annulla",
      edit: "Correggi",
      delete: "Cancella",
      resolve: "Segna come risolta",
      unresolve: "Riapri",
      confirmDelete: "Vuoi davvero cancellare questa nota?",
      shortcut: "Con Ctrl+Invio la nota si aggiunge subito",
    },
    editorToolbar: {
      backCollection: " %{collectionLabel}",
      // On this machine there is nothing to publish: the file is changed, and that is all.
      ...(locale && {
        publish: "Salva",
        publishing: "Salvo …",
        published: "Salvato",
        publishNow: "Salva nel file",
        publishAndCreateNew: "Salva e creane uno nuovo",
        publishAndDuplicate: "Salva e duplica",
      }),
    },
    editorWidgets: { object: { expand: "Apri", collapse: "Chiudi" } },
  },
  ui: {
    settingsDropdown: { account: "Menu di chi è entrato" },
    toast: {
      missingRequiredField: "Qualcosa manca o non va: guarda i campi in rosso.",
      onFailToPersist: "Non salvato. %{details}",
      entrySaved: "Salvato",
      noteAdded: "Nota aggiunta",
      noteUpdated: "Nota corretta",
      noteDeleted: "Nota cancellata",
      noteResolved: "Nota segnata come risolta",
      noteReopened: "Nota riaperta",
      onFailToAddNote: "Nota non aggiunta: %{details}",
      onFailToUpdateNote: "Nota non corretta: %{details}",
      onFailToDeleteNote: "Nota non cancellata: %{details}",
      onFailToToggleNote: "Nota non cambiata: %{details}",
    },
  },
  workflow: {
    workflow: { workflowHeading: "Modifiche in corso", newPost: "Nuova voce" },
  },
});

/* The phrases of the CMS with ours in their place. */
carta.translated = (theirs, ours) => {
  const both = { ...theirs };
  for (const [key, value] of Object.entries(ours)) {
    both[key] = typeof value === "object" ? carta.translated(theirs?.[key], value) : value;
  }
  return both;
};
