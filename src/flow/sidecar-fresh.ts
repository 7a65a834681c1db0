/** What a sidecar begins with that is to be filled in. */

export { freshSidecar, type SidecarSubject } from '../text/fresh-sidecar.ts';
