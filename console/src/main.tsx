import { render } from "preact";
import { makeApi } from "./api/client";
import { App } from "./app";
import { readSettings } from "./settings";
import { ContextProvider } from "./state/context";
import { makePageNavigation } from "./state/navigation";
import { openPreferences } from "./state/preferences";
import { openStorage } from "./state/storage";
import "./style/index.css";

const settings = readSettings(document);
const context = {
  settings,
  api: makeApi(settings.api),
  navigation: makePageNavigation(window),
  preferences: openPreferences(openStorage(window)),
};
const root = document.getElementById("console");
if (root === null) throw new Error("the page has no element `console`");
render(
  <ContextProvider.Provider value={context}>
    <App />
  </ContextProvider.Provider>,
  root,
);
