import { useMemo } from "preact/hooks";
import { ApiError } from "../../api/client";
import type { StoredEvent } from "../../api/types";
import { formatBytes, formatNumber } from "../../format";
import { CopyButton } from "../../parts/copy";
import { Failure } from "../../parts/failure";
import { Link } from "../../parts/link";
import { Loading } from "../../parts/states";
import { Untrusted } from "../../parts/untrusted";
import { useConsole } from "../../state/context";
import { readMasks } from "../../state/masks";
import { texts } from "../../texts";
import { canonicalizeEvent } from "./canonical";
import { Changes } from "./changes";
import { getSize, type JsonObject } from "./json";
import { useEvent, type EventState } from "./load";
import { Outcome } from "./outcome";
import { Overview } from "./overview";
import { Section } from "./section";
import { SearchableTree, type IsMasked } from "./json-tree";
import { PersonalNotice, usePersonal } from "./personal";
import { VerifiedHere } from "./verified";

interface Props {
  readonly id: string;
  readonly tenantId: string;
}

/** One event: a panel beside the trail, or the whole page of a narrow screen. */
export function EventPanel({ id, tenantId }: Props) {
  const [loaded, retry] = useEvent(id, tenantId);
  return (
    <section class="event" aria-label={texts.event.label}>
      <Header id={id} event={loaded.kind === "ready" ? loaded.event : null} />
      <Body loaded={loaded} id={id} tenantId={tenantId} retry={retry} />
    </section>
  );
}

function Header({ id, event }: { readonly id: string; readonly event: StoredEvent | null }) {
  const { navigation } = useConsole();
  const getLink = () => new URL(navigation.href({ eventId: id }), window.location.href).href;
  return (
    <header class="event-header">
      <Link class="event-back" to={{ eventId: null }}>
        <span aria-hidden="true">←</span>
        {texts.trail.back}
      </Link>
      <div class="event-title">
        <h2>{event ? <Untrusted line text={event.action} /> : texts.event.label}</h2>
        {event && <Outcome success={event.success} />}
        <button
          type="button"
          class="event-close"
          aria-label={texts.event.close}
          title={texts.event.closeKey}
          onClick={() => navigation.go({ eventId: null })}
        >
          <span aria-hidden="true">✕</span>
        </button>
      </div>
      <div class="event-actions">
        <CopyButton text={id} label={texts.event.copyId} />
        {navigation.isInUrl && <CopyButton text={getLink} label={texts.event.copyLink} />}
      </div>
    </header>
  );
}

interface BodyProps extends Props {
  readonly loaded: EventState;
  readonly retry: () => void;
}

function Body({ loaded, id, tenantId, retry }: BodyProps) {
  switch (loaded.kind) {
    case "loading":
      return <Loading />;
    case "unreadable":
      return <Unreadable reason={loaded.reason} />;
    case "failed":
      return (
        <>
          <Failure error={loaded.error} retry={retry} />
          {loaded.error instanceof ApiError && loaded.error.kind === "notFound" && <Gone />}
        </>
      );
    case "ready":
      return <Content event={loaded.event} id={id} tenantId={tenantId} />;
  }
}

function Gone() {
  const [title, ...reasons] = texts.event.gone;
  return (
    <div class="event-reasons">
      <h3>{title}</h3>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}

function Unreadable({ reason }: { readonly reason: string }) {
  const [title, meaning, advice] = texts.event.unreadable;
  return (
    <div class="event-unreadable" role="alert">
      <h3>
        <span aria-hidden="true">!</span> {title}
      </h3>
      <p>
        <Untrusted text={reason} />
      </p>
      <p>{meaning}</p>
      <p>{advice}</p>
    </div>
  );
}

interface ContentProps extends Props {
  readonly event: StoredEvent;
}

function Content({ event: given, id, tenantId }: ContentProps) {
  const personal = usePersonal(id, tenantId);
  const event = personal.state.kind === "shown" ? personal.state.event : given;
  const { changes } = event;
  const masks = readMasks(event);
  return (
    <>
      <PersonalNotice event={given} personal={personal} />
      <VerifiedHere id={id} tenantId={tenantId} shown={event} />
      <Overview event={event} tenantId={tenantId} />
      {changes && (
        <Section title={texts.event.changes}>
          <Changes
            before={(changes.before ?? {}) as JsonObject}
            after={(changes.after ?? {}) as JsonObject}
            fields={changes.fields ?? []}
            hasMasks={masks.isIn("changes")}
          />
        </Section>
      )}
      {(["details", "metadata"] as const).map((name) => {
        const value = event[name];
        if (!value) return null;
        const isMasked: IsMasked = (path, each) => masks.has(`/${name}${path}`, each);
        return <TreeSection key={name} title={texts.event[name]} value={value as JsonObject} isMasked={isMasked} />;
      })}
      <Canonical event={event} />
    </>
  );
}

interface TreeProps {
  readonly title: string;
  readonly value: JsonObject;
  readonly isMasked: IsMasked;
}

function TreeSection({ title, value, isMasked }: TreeProps) {
  const size = getSize(value);
  return (
    <Section title={title} note={texts.event.keys(formatNumber(size), size === 1)}>
      <SearchableTree value={value} name={title} isMasked={isMasked} />
    </Section>
  );
}

function Canonical({ event }: { readonly event: StoredEvent }) {
  const text = useMemo(() => canonicalizeEvent(event), [event]);
  const size = formatBytes(new TextEncoder().encode(text).length);
  return (
    <Section title={texts.event.canonical} note={size} isOpen={false}>
      <p class="event-quiet">{event.masked ? texts.personal.notCanonical : texts.event.canonicalWhy}</p>
      <CopyButton text={text} label={texts.event.copyCanonical} />
      <div class="event-json">
        <Untrusted text={text} />
      </div>
    </Section>
  );
}
