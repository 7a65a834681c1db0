/** Projects: the outermost folder that holds what only the top of a project has, read without git. */

import { defineType } from '../../src/plugin/api.ts';
import { gitFields } from './git-fields.ts';
import { languagesOf } from './languages.ts';
import { DESCRIBING, describe } from './describe.ts';

export default defineType({
  api: 1,
  name: 'projects',
  version: 1,
  top: 'Projects',
  // Files merge one by one; a '.git' is one whole in every type.
  merge: 'files',
  boundaries: [
    {
      marker: [
        ...['.git', '.hg', '.svn', '.bzr', '.jj', '_darcs', '.fslckout'],
        ...['package.json', 'deno.json', 'composer.json', 'Cargo.toml', 'pyproject.toml', 'setup.py'],
        ...['go.mod', 'Gemfile', 'pom.xml', 'build.gradle', 'build.gradle.kts', 'build.sbt', 'project.clj'],
        ...['Makefile', 'makefile', 'GNUmakefile', 'CMakeLists.txt', 'meson.build', 'configure.ac'],
        ...[
          'BUILD.bazel',
          'MODULE.bazel',
          'WORKSPACE',
          'Package.swift',
          'pubspec.yaml',
          'mix.exs',
          'stack.yaml',
        ],
        ...[
          'cabal.project',
          'dune-project',
          'elm.json',
          'flake.nix',
          'platformio.ini',
          'latexmkrc',
          'Dockerfile',
        ],
      ],
    },
  ],
  // Sources that lie about without a marker are found by these; what has one is, whatever is in it.
  usual: [
    ...['c', 'cc', 'cpp', 'cs', 'css', 'go', 'h', 'hpp', 'hs', 'html', 'java', 'jl', 'js', 'kt', 'lua', 'ml'],
    ...['php', 'pl', 'py', 'r', 'rb', 'rs', 'scala', 'scss', 'sh', 'sql', 'swift', 'tex', 'ts', 'tsx', 'vue'],
  ].map((suffix) => `*.${suffix}`),
  fields: {
    committed: { of: 'entity', type: 'date', merge: 'max', doc: 'When the last commit was made' },
    description: { of: 'entity', type: 'text', merge: 'one', doc: 'What it is for, in a sentence' },
    languages: { of: 'entity', type: 'text', merge: 'set', doc: 'Programming languages it is written in' },
    name: { of: 'entity', type: 'text', merge: 'one', doc: 'What the project is called' },
    remote: { of: 'entity', type: 'text', merge: 'one', doc: 'Where else it is: the address of its origin' },
    status: {
      of: 'entity',
      type: { oneOf: ['idea', 'active', 'paused', 'finished', 'abandoned'] },
      merge: 'one',
      doc: 'How far you are with it',
    },
    tags: { of: 'entity', type: 'text', merge: 'set', doc: 'Words to find it by' },
  },
  entityReaders: [
    {
      files: [...DESCRIBING.map((name) => `/${name}`), '/.git', '/.git/', '/.bare/'],
      read: async (project, report) => ({
        ...(await describe(project, report)),
        ...languagesOf(project.files),
        ...(await gitFields(project)),
      }),
    },
  ],
});
