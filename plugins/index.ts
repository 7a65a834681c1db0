/** The type plugins that come with dbk. */

import type { TypePlugin } from '../src/plugin/api.ts';
import movies from './movies/index.ts';
import music from './music/index.ts';
import pictures from './pictures/index.ts';
import projects from './projects/index.ts';

export const PLUGINS: readonly TypePlugin[] = [
  movies as TypePlugin,
  music as TypePlugin,
  pictures as TypePlugin,
  projects as TypePlugin,
];
