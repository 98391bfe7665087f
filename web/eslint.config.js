import js from "@eslint/js";
import globals from "globals";

/** Folders may import what stands left of them, and their own. */
const LAYERS = ["core", "api", "state", "ui", "features"];

const HTML_SINKS = [
  "innerHTML",
  "outerHTML",
  "insertAdjacentHTML",
  "setHTMLUnsafe",
  "createContextualFragment",
];

const layerRules = LAYERS.slice(0, -1).map((layer, index) => ({
  files: [`src/${layer}/**/*.js`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: LAYERS.slice(index + 1).map((above) => ({
          regex: `^(\\.\\./)+${above}/`,
          message: `${layer}/ knows nothing of ${above}/.`,
        })),
      },
    ],
  },
}));

export default [
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      "default-case-last": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-else-return": ["error", { allowElseIf: false }],
      "no-eval": "error",
      "no-implicit-coercion": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-restricted-globals": ["error", "alert", "confirm", "event", "name", "prompt"],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "no-restricted-syntax": [
        "error",
        {
          selector: `MemberExpression[property.name=/^(${HTML_SINKS.join("|")})$/]`,
          message: "Markup comes from lit-html templates or the one sanitiser.",
        },
        {
          selector: "MemberExpression[object.name='document'][property.name=/^(write|writeln)$/]",
          message: "Markup comes from lit-html templates or the one sanitiser.",
        },
      ],
      "no-shadow": "error",
      "no-unneeded-ternary": "error",
      "no-unused-expressions": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-useless-concat": "error",
      "no-useless-rename": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-object-has-own": "error",
      "prefer-template": "error",
    },
  },
  { files: ["src/**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["docs/**/*.js"], languageOptions: { sourceType: "script", globals: globals.browser } },
  { files: ["*.js", "*.mjs", "tests/**/*.js"], languageOptions: { globals: globals.node } },
  { files: ["*.config.js"], rules: { "no-restricted-exports": "off" } },
  ...layerRules,
];
