import type { ComponentChildren } from "preact";
import { laterCode, loadLaterCode, type LaterCode } from "../state/later";
import { useLoad } from "../state/load";
import { Failure } from "./failure";
import { Loading } from "./states";

interface Props {
  /** What is shown until the code is loaded. */
  readonly meanwhile?: ComponentChildren;
  readonly children: (code: LaterCode) => ComponentChildren;
}

/** A part of the page whose code is loaded later. */
export function Later({ meanwhile = <Loading />, children }: Props) {
  const { error } = useLoad("code", loadLaterCode);
  const code = laterCode.value;
  if (code !== null) return <>{children(code)}</>;
  // A reload, as the server may have another version of the files by now.
  return error === null ? <>{meanwhile}</> : <Failure error={error} retry={() => window.location.reload()} />;
}
