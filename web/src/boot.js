import { applyAppearance, readAppearance } from "./ui/appearance.js";

applyAppearance(readAppearance());
