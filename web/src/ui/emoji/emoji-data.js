/**
 * @typedef {object} Emoji
 * @property {string} emoji
 * @property {{en: string, ru: string}} names the first words name it, all of them find it
 */
/** @typedef {"people" | "nature" | "food" | "activity" | "travel" | "objects" | "symbols" | "flags"} GroupName */

/** A line each: the emoji, its English words, its Russian words. @type {[GroupName, string][]} */
const SOURCE = [
  [
    "people",
    `
😀 grinning smile happy | улыбка радость
😃 smiling big eyes happy | радостная улыбка
😄 laughing eyes happy | смеющиеся глаза радость
😁 beaming grin | сияющая улыбка
😅 nervous sweat laugh | смех пот неловко
😂 tears of joy laugh lol | смех до слёз
🤣 rolling on the floor laugh | катаюсь от смеха
🙂 slight smile | лёгкая улыбка
🙃 upside down silly | вверх ногами
😉 wink | подмигивание
😊 blush smile | румянец улыбка
😇 angel halo | ангел нимб
🥰 hearts love adore | влюблённая улыбка сердечки
😍 heart eyes love | влюблённые глаза
🤩 star struck wow | восторг звёзды
😘 kiss | поцелуй
😋 yummy tasty | вкусно
😜 winking tongue joke | язык шутка
🤪 zany crazy | безумие
🤗 hug | объятие
🤭 oops giggle | ой хихиканье
🤫 quiet shush | тихо секрет
🤔 thinking hmm | задумался хм
🫡 salute yes sir | есть честь
🤨 raised eyebrow doubt | сомнение бровь
😐 neutral | нейтрально
😑 expressionless | без эмоций
😶 no mouth silent | молчание
😏 smirk | ухмылка
🙄 eye roll | закатил глаза
😬 grimace awkward | гримаса неловко
😌 relieved calm | облегчение спокойствие
😴 sleeping tired | сон усталость
😷 mask ill | маска болезнь
🤒 fever ill | температура болезнь
🤯 mind blown | взрыв мозга
🥳 party celebrate | праздник вечеринка
😎 cool sunglasses | круто очки
🤓 nerd | умник очки
😕 confused | растерянность
😟 worried | беспокойство
😮 surprised open mouth | удивление
😳 flushed embarrassed | смущение
🥺 pleading please | умоляю пожалуйста
😢 crying sad | слеза грусть
😭 sobbing cry | плачу навзрыд
😱 scream fear | крик страх
😤 huff determined | злость пар
😡 angry rage | гнев злость
🤬 swearing | ругань
💀 skull dead | череп умер
💩 poop | какашка
🤡 clown | клоун
👻 ghost | привидение
👽 alien | инопланетянин
🤖 robot bot | робот бот
👋 wave hello bye | привет пока рука
🤚 raised hand | рука ладонь
👌 ok fine | окей ладно
🤌 pinched fingers | щепотка пальцы
✌️ victory peace | победа мир
🤞 fingers crossed luck | удача пальцы
🤘 rock horns | рок коза
👈 left | влево
👉 right | вправо
👆 up | вверх
👇 down | вниз
👍 thumbs up yes like good | палец вверх да хорошо лайк
👎 thumbs down no bad | палец вниз нет плохо
✊ fist | кулак
👏 clap applause bravo | аплодисменты браво
🙌 raised hands hooray | ура руки
🫶 heart hands | сердце руки
🤝 handshake deal | рукопожатие договорились
🙏 thanks please pray | спасибо пожалуйста
💪 strong muscle | сила мышца
👀 eyes look | глаза смотрю
🧠 brain | мозг
🤷 shrug | не знаю пожимаю плечами
🤦 facepalm | рука лицо
🙋 raising hand me | поднял руку я
🏃 run hurry | бегу спешка
💃 dance | танец
🧑‍💻 developer computer | программист компьютер
🧑‍🚀 astronaut | космонавт
`,
  ],
  [
    "nature",
    `
🐶 dog | собака пёс
🐱 cat | кот кошка
🐭 mouse | мышь
🐰 rabbit | кролик заяц
🦊 fox | лиса
🐻 bear | медведь
🐼 panda | панда
🐨 koala | коала
🦁 lion | лев
🐸 frog | лягушка
🐵 monkey | обезьяна
🙈 see no evil | не вижу обезьяна
🐔 chicken | курица
🐧 penguin | пингвин
🦉 owl | сова
🦄 unicorn | единорог
🐝 bee | пчела
🐛 bug | жук баг гусеница
🦋 butterfly | бабочка
🐌 snail slow | улитка медленно
🐢 turtle slow | черепаха медленно
🐙 octopus | осьминог
🐳 whale | кит
🦖 dinosaur | динозавр
🌱 seedling grow | росток
🌲 tree | дерево ёлка
🌵 cactus | кактус
🍀 clover luck | клевер удача
🍁 leaf autumn | лист осень
🌹 rose | роза
🌻 sunflower | подсолнух
🌍 earth world | земля мир
🌙 moon night | луна ночь
☀️ sun | солнце
⭐ star | звезда
🌟 glowing star | сияющая звезда
⚡ lightning fast | молния быстро
🔥 fire hot | огонь горячо
🌈 rainbow | радуга
☁️ cloud | облако
🌧️ rain | дождь
❄️ snow cold | снег холод
🌊 wave sea | волна море
🪐 planet saturn | планета сатурн
☄️ comet | комета
`,
  ],
  [
    "food",
    `
🍎 apple | яблоко
🍌 banana | банан
🍉 watermelon | арбуз
🍓 strawberry | клубника
🍋 lemon | лимон
🥑 avocado | авокадо
🌶️ pepper hot | перец острый
🍞 bread | хлеб
🧀 cheese | сыр
🥚 egg | яйцо
🥞 pancakes | блины
🍕 pizza | пицца
🍔 burger | бургер
🍟 fries | картошка фри
🥗 salad | салат
🍜 noodles soup | лапша суп
🍣 sushi | суши
🍪 cookie | печенье
🎂 birthday cake | торт день рождения
🍰 cake | пирожное
🍫 chocolate | шоколад
🍿 popcorn | попкорн
☕ coffee tea | кофе чай
🍵 tea | чай
🍺 beer | пиво
🥂 cheers | бокалы за
🍷 wine | вино
`,
  ],
  [
    "activity",
    `
🎉 party hooray congratulations | праздник ура поздравляю
🎊 confetti | конфетти
🎁 gift present | подарок
🎈 balloon | шарик
🏆 trophy win | кубок победа
🥇 gold medal first | золото медаль первый
⚽ football | футбол
🏀 basketball | баскетбол
🎾 tennis | теннис
🏓 table tennis | пинг-понг
🎮 game | игра
🎲 dice | кубик кости
🧩 puzzle | пазл головоломка
🎯 target bullseye | цель точно
🎨 art paint | искусство краски
🎬 film | кино
🎤 microphone | микрофон
🎧 headphones music | наушники музыка
🎸 guitar | гитара
🎵 music note | музыка нота
♟️ chess | шахматы
`,
  ],
  [
    "travel",
    `
🚗 car | машина
🚕 taxi | такси
🚌 bus | автобус
🚲 bicycle | велосипед
🚂 train | поезд
✈️ plane | самолёт
🚀 rocket launch ship it | ракета запуск
🛸 ufo | нло
🚢 ship | корабль
🏠 home house | дом
🏢 office | офис
🏖️ beach holiday | пляж отпуск
⛰️ mountain | гора
🏕️ camping | палатка поход
🗺️ map | карта
🌃 night city | ночной город
`,
  ],
  [
    "objects",
    `
💡 idea bulb | идея лампочка
🔭 telescope | телескоп
🔬 microscope | микроскоп
💻 laptop computer | ноутбук компьютер
📱 phone | телефон
⌨️ keyboard | клавиатура
🖨️ printer | принтер
📷 camera photo | камера фото
🔋 battery | батарея
🔌 plug | вилка розетка
🔧 wrench fix | ключ починить
🔨 hammer | молоток
⚙️ gear settings | шестерёнка настройки
🧰 toolbox | инструменты
🔒 lock | замок
🔑 key | ключ
📌 pin | булавка закрепить
📎 paperclip | скрепка
✏️ pencil edit | карандаш
📝 note memo | заметка
📅 calendar date | календарь дата
📈 chart up | график рост
📉 chart down | график падение
📦 package box | посылка коробка
✉️ letter mail | письмо почта
🗑️ bin trash | корзина мусор
💰 money | деньги
⏰ alarm clock | будильник время
⏳ hourglass wait | песочные часы жду
🔔 bell | колокольчик
📚 books | книги
🧪 test tube experiment | пробирка опыт тест
`,
  ],
  [
    "symbols",
    `
❤️ red heart love | сердце любовь
🧡 orange heart | оранжевое сердце
💛 yellow heart | жёлтое сердце
💚 green heart | зелёное сердце
💙 blue heart | синее сердце
💜 purple heart | фиолетовое сердце
🖤 black heart | чёрное сердце
💔 broken heart | разбитое сердце
💯 hundred perfect | сто идеально
✅ check done yes | готово да галочка
☑️ checked box | отмечено
❌ cross no | крест нет
❗ exclamation important | восклицание важно
❓ question | вопрос
⚠️ warning | внимание предупреждение
🚫 forbidden | запрещено
🆗 ok | окей
🆕 new | новое
➕ plus | плюс
➖ minus | минус
➡️ arrow right | стрелка вправо
⬆️ arrow up | стрелка вверх
🔁 repeat | повтор
♻️ recycle | переработка
💤 zzz sleep | сон
💬 speech message | сообщение
👁️‍🗨️ witness | свидетель
✨ sparkles | блёстки искры
💥 boom | взрыв бум
`,
  ],
  [
    "flags",
    `
🏁 finish | финиш
🚩 red flag | красный флаг
🏳️ white flag | белый флаг
🏴‍☠️ pirate | пират
🇷🇺 russia | россия
🇺🇦 ukraine | украина
🇧🇾 belarus | беларусь
🇰🇿 kazakhstan | казахстан
🇬🇪 georgia | грузия
🇦🇲 armenia | армения
🇷🇸 serbia | сербия
🇪🇺 europe | европа
🇬🇧 united kingdom britain | великобритания
🇺🇸 united states america | сша америка
🇩🇪 germany | германия
🇫🇷 france | франция
🇪🇸 spain | испания
🇮🇹 italy | италия
🇵🇱 poland | польша
🇹🇷 turkey | турция
🇮🇱 israel | израиль
🇨🇳 china | китай
🇯🇵 japan | япония
🇮🇳 india | индия
🇧🇷 brazil | бразилия
`,
  ],
];

/** @param {string} line @returns {Emoji} */
function parse(line) {
  const [left, ru] = line.split(" | ");
  const space = left.indexOf(" ");
  return { emoji: left.slice(0, space), names: { en: left.slice(space + 1), ru } };
}

export const GROUPS = SOURCE.map(([name, lines]) => ({ name, emoji: lines.trim().split("\n").map(parse) }));

/** Those whose words begin with every word of the query, in either language. @param {string} query @returns {Emoji[]} */
export function findEmoji(query) {
  const wanted = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const all = GROUPS.flatMap(({ emoji }) => emoji);
  return all.filter(({ names }) => {
    const words = `${names.en} ${names.ru}`.split(" ");
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  });
}

/** @param {string} emoji @returns {Emoji | undefined} */
export function knownEmoji(emoji) {
  return GROUPS.flatMap((group) => group.emoji).find((known) => known.emoji === emoji);
}
