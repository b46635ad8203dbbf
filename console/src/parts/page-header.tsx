import { Account } from "../auth/notices";
import { useConsole } from "../state/context";
import { VIEW_NAMES } from "../state/navigation";
import type { Theme } from "../state/preferences";
import { texts } from "../texts";
import { Link } from "./link";
import { TenantChoice } from "./tenant";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** The top of the page: what is looked at, of whom, and how. */
export function PageHeader() {
  const { auth, navigation, settings } = useConsole();
  const { view } = navigation.place.value;
  return (
    <header class="bar">
      <div class="bar-name">
        <h1 class="bar-title">{texts.title}</h1>
        {settings.stack && (
          <span class="bar-stack" title={settings.stack}>
            <span class="hidden">{texts.stack}</span> {settings.stack}
          </span>
        )}
      </div>
      <nav class="bar-views" aria-label={texts.viewsLabel}>
        {VIEW_NAMES.map((name) => (
          <Link key={name} to={{ view: name, eventId: null }} current={name === view}>
            {texts.views[name]}
          </Link>
        ))}
      </nav>
      {auth ? <Account /> : <TenantChoice />}
      <ThemeChoice />
    </header>
  );
}

function ThemeChoice() {
  const { preferences } = useConsole();
  const { theme } = preferences.value;
  return (
    <select
      class="field bar-theme"
      aria-label={texts.theme.label}
      value={theme}
      onChange={(event) => {
        const chosen = THEMES.find((name) => name === event.currentTarget.value) ?? "system";
        preferences.value = { ...preferences.value, theme: chosen };
      }}
    >
      {THEMES.map((name) => (
        <option key={name} value={name} selected={name === theme}>
          {texts.theme[name]}
        </option>
      ))}
    </select>
  );
}
