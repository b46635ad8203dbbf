import { render } from "preact";
import { makeApi } from "./api/client";
import { App } from "./app";
import { getBrowser, openAuth } from "./auth/session";
import { Loading } from "./parts/states";
import { readSettings } from "./settings";
import { ConsoleContext } from "./state/context";
import { makePageNavigation } from "./state/navigation";
import { openPreferences } from "./state/preferences";
import { openStorage } from "./state/storage";
import { adoptStyle } from "./style/adopt";

async function start(root: HTMLElement): Promise<void> {
  const settings = readSettings(document);
  if (settings.signIn) render(<Loading />, root);
  // First: it takes the sign-in's parameters out of the address, which the navigation reads.
  const auth = settings.signIn && (await openAuth(settings.signIn, getBrowser(window)));
  const context = {
    settings,
    api: makeApi(settings.api, auth?.getToken),
    navigation: makePageNavigation(window),
    preferences: openPreferences(openStorage(window)),
    ...(auth && { auth }),
  };
  render(
    <ConsoleContext.Provider value={context}>
      <App />
    </ConsoleContext.Provider>,
    root,
  );
}

const root = document.getElementById("console");
if (root === null) throw new Error("the page has no element `console`");
adoptStyle(document);
void start(root);
