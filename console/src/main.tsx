import { render } from "preact";
import { makeApi } from "./api/client";
import { App } from "./app";
import { getBrowser, openAuth } from "./auth/session";
import { formatRelative } from "./parts/instants";
import { Loading } from "./parts/states";
import { readSettings } from "./settings";
import { ConsoleContext } from "./state/context";
import { loadLaterCode } from "./state/later";
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
  // A page's first formatter takes long. It is made while the list is on its way.
  window.requestIdleCallback?.(() => formatRelative(0, 0));
}

const root = document.getElementById("console");
if (root === null) throw new Error("the page has no element `console`");
adoptStyle(document);
// Load it while the page is rendered. A view that needs the code shows a failure.
loadLaterCode().catch(() => undefined);
void start(root);
