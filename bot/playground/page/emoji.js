// The usual shortcodes. What is not here is shown as it was typed.

const FACES = `grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 rolling_on_the_floor_laughing 🤣 joy 😂
slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 smiling_face_with_3_hearts 🥰 heart_eyes 😍 star-struck 🤩
kissing_heart 😘 relaxed ☺️ yum 😋 stuck_out_tongue 😛 stuck_out_tongue_winking_eye 😜 zany_face 🤪 hugging_face 🤗 hugs 🤗
face_with_hand_over_mouth 🤭 shushing_face 🤫 thinking_face 🤔 thinking 🤔 zipper_mouth_face 🤐 face_with_raised_eyebrow 🤨
neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔
sleepy 😪 sleeping 😴 mask 😷 face_with_thermometer 🤒 dizzy_face 😵 exploding_head 🤯 face_with_cowboy_hat 🤠 partying_face 🥳
sunglasses 😎 nerd_face 🤓 face_with_monocle 🧐 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 hushed 😯
astonished 😲 flushed 😳 pleading_face 🥺 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 yawning_face 🥱
triumph 😤 rage 😡 angry 😠 skull 💀 ghost 👻 robot_face 🤖 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 saluting_face 🫡 melting_face 🫠`;

const HANDS = `wave 👋 raised_back_of_hand 🤚 raised_hand ✋ hand ✋ spock-hand 🖖 ok_hand 👌 pinched_fingers 🤌 v ✌️ crossed_fingers 🤞
the_horns 🤘 call_me_hand 🤙 point_left 👈 point_right 👉 point_up ☝️ point_up_2 👆 point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎
fist ✊ facepunch 👊 punch 👊 clap 👏 raised_hands 🙌 open_hands 👐 palms_up_together 🤲 handshake 🤝 pray 🙏 writing_hand ✍️ muscle 💪
eyes 👀 eye 👁️ ear 👂 brain 🧠 bust_in_silhouette 👤 busts_in_silhouette 👥 baby 👶 woman 👩 man 👨 older_woman 👵 older_man 👴
man-shrugging 🤷‍♂️ woman-shrugging 🤷‍♀️ shrug 🤷 facepalm 🤦 man-facepalming 🤦‍♂️ woman-facepalming 🤦‍♀️ raising_hand 🙋 bow 🙇
runner 🏃 running 🏃 walking 🚶 dancer 💃 people_hugging 🫂 family 👪 superhero 🦸 mage 🧙 technologist 🧑‍💻 woman-technologist 👩‍💻
man-technologist 👨‍💻 teacher 🧑‍🏫 student 🧑‍🎓 farmer 🧑‍🌾 cook 🧑‍🍳 health_worker 🧑‍⚕️ scientist 🧑‍🔬 artist 🧑‍🎨 firefighter 🧑‍🚒`;

const HEARTS = `heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍
brown_heart 🤎 broken_heart 💔 two_hearts 💕 sparkling_heart 💖 heartbeat 💓 heartpulse 💗 heart_hands 🫶 hands_heart 🫶 100 💯
anger 💢 boom 💥 collision 💥 dizzy 💫 sweat_drops 💦 dash 💨 speech_balloon 💬 thought_balloon 💭 zzz 💤 left_speech_bubble 🗨️`;

const NATURE = `sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ thunder_cloud_and_rain ⛈️ snowflake ❄️ umbrella ☔ rainbow 🌈 zap ⚡ fire 🔥
droplet 💧 ocean 🌊 star ⭐ star2 🌟 sparkles ✨ full_moon 🌕 crescent_moon 🌙 sun_with_face 🌞 sunrise 🌅 earth_africa 🌍
earth_americas 🌎 earth_asia 🌏 volcano 🌋 mountain ⛰️ seedling 🌱 evergreen_tree 🌲 deciduous_tree 🌳 palm_tree 🌴 cactus 🌵 herb 🌿
four_leaf_clover 🍀 maple_leaf 🍁 fallen_leaf 🍂 leaves 🍃 cherry_blossom 🌸 rose 🌹 tulip 🌷 sunflower 🌻 bouquet 💐 potted_plant 🪴
dog 🐶 cat 🐱 mouse 🐭 rabbit 🐰 fox_face 🦊 bear 🐻 panda_face 🐼 koala 🐨 tiger 🐯 lion_face 🦁 cow 🐮 pig 🐷 frog 🐸 monkey_face 🐵
chicken 🐔 penguin 🐧 bird 🐦 eagle 🦅 owl 🦉 duck 🦆 bat 🦇 wolf 🐺 horse 🐴 unicorn_face 🦄 bee 🐝 honeybee 🐝 butterfly 🦋 snail 🐌
ladybug 🐞 ant 🐜 spider 🕷️ turtle 🐢 snake 🐍 octopus 🐙 whale 🐳 dolphin 🐬 fish 🐟 elephant 🐘 sloth 🦥 hedgehog 🦔 dove_of_peace 🕊️`;

const FOOD = `apple 🍎 green_apple 🍏 pear 🍐 tangerine 🍊 lemon 🍋 banana 🍌 watermelon 🍉 grapes 🍇 strawberry 🍓 cherries 🍒 peach 🍑
mango 🥭 pineapple 🍍 avocado 🥑 tomato 🍅 carrot 🥕 corn 🌽 bread 🍞 croissant 🥐 cheese_wedge 🧀 egg 🥚 pancakes 🥞 pizza 🍕
hamburger 🍔 fries 🍟 taco 🌮 burrito 🌯 spaghetti 🍝 ramen 🍜 sushi 🍣 rice 🍚 icecream 🍦 doughnut 🍩 cookie 🍪 birthday 🎂 cake 🍰
cupcake 🧁 chocolate_bar 🍫 candy 🍬 popcorn 🍿 coffee ☕ tea 🍵 beer 🍺 beers 🍻 wine_glass 🍷 champagne 🍾 clinking_glasses 🥂 salt 🧂`;

const THINGS = `tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 ribbon 🎀 trophy 🏆 medal 🏅 sports_medal 🏅 first_place_medal 🥇
second_place_medal 🥈 third_place_medal 🥉 soccer ⚽ basketball 🏀 tennis 🎾 dart 🎯 game_die 🎲 jigsaw 🧩 art 🎨 musical_note 🎵 notes 🎶
guitar 🎸 microphone 🎤 headphones 🎧 clapper 🎬 rocket 🚀 airplane ✈️ bike 🚲 car 🚗 bus 🚌 train 🚋 ship 🚢 sailboat ⛵ boat ⛵ anchor ⚓
compass 🧭 world_map 🗺️ house 🏠 office 🏢 hospital 🏥 school 🏫 bank 🏦 bridge_at_night 🌉 tent ⛺ stopwatch ⏱️ alarm_clock ⏰
hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚ iphone 📱 computer 💻 desktop_computer 🖥️ keyboard ⌨️ printer 🖨️ floppy_disk 💾 camera 📷
tv 📺 radio 📻 telephone ☎️ phone ☎️ battery 🔋 electric_plug 🔌 bulb 💡 flashlight 🔦 candle 🕯️ moneybag 💰 credit_card 💳 gem 💎 scales ⚖️
balance_scale ⚖️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ nut_and_bolt 🔩 toolbox 🧰 magnet 🧲 microscope 🔬 telescope 🔭
syringe 💉 pill 💊 adhesive_bandage 🩹 stethoscope 🩺 door 🚪 bed 🛏️ key 🔑 lock 🔒 unlock 🔓 shield 🛡️ package 📦 mailbox 📫 email 📧
envelope ✉️ inbox_tray 📥 outbox_tray 📤 scroll 📜 page_facing_up 📄 clipboard 📋 memo 📝 pencil 📝 pencil2 ✏️ books 📚 book 📖
open_book 📖 notebook 📓 newspaper 📰 bookmark 🔖 label 🏷️ link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 scissors ✂️ file_folder 📁
calendar 📆 date 📅 spiral_calendar_pad 🗓️ chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 mag 🔍
mag_right 🔎 bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 crown 👑 briefcase 💼 school_satchel 🎒 ballot_box_with_ballot 🗳️ broom 🧹
bricks 🧱 ladder 🪜 mirror 🪞 magic_wand 🪄 crystal_ball 🔮 thread 🧵 test_tube 🧪 dna 🧬 satellite_antenna 📡 seat 💺 umbrella_on_ground ⛱️`;

const SIGNS = `white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_plus_sign ➕
heavy_minus_sign ➖ question ❓ grey_question ❔ exclamation ❗ grey_exclamation ❕ bangbang ‼️ warning ⚠️ no_entry ⛔ no_entry_sign 🚫
construction 🚧 rotating_light 🚨 recycle ♻️ infinity ♾️ arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️
arrow_lower_right ↘️ arrows_counterclockwise 🔄 repeat 🔁 back 🔙 soon 🔜 top 🔝 new 🆕 free 🆓 ok 🆗 cool 🆒 sos 🆘 information_source ℹ️
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪
black_circle ⚫ large_red_square 🟥 large_green_square 🟩 large_yellow_square 🟨 large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛
small_blue_diamond 🔹 large_blue_diamond 🔷 small_orange_diamond 🔸 triangular_flag_on_post 🚩 checkered_flag 🏁 white_flag 🏳️
rainbow-flag 🏳️‍🌈 zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣
peace_symbol ☮️ yin_yang ☯️ copyright ©️ registered ®️ tm ™️ eight_spoked_asterisk ✳️ eight_pointed_black_star ✴️ part_alternation_mark 〽️`;

const USUAL =
  "tada clap raised_hands heart +1 pray rocket star sparkles eyes wave smile white_check_mark fire bulb".split(
    " ",
  );

function table(...lists) {
  const words = lists.join(" ").split(/\s+/);
  const pairs = new Map();
  for (let i = 0; i < words.length; i += 2) pairs.set(words[i], words[i + 1]);
  return pairs;
}

const TABLE = table(FACES, HANDS, HEARTS, NATURE, FOOD, THINGS, SIGNS);

/** The character of a shortcode without colons (a skin tone is ignored), or null when unknown. */
export function emoji(name) {
  return TABLE.get(name.replace(/::skin-tone-[2-6]$/, "")) ?? null;
}

/** Known shortcodes in the text become characters; the rest stays as typed. */
export function emojify(text) {
  return text.replace(
    /:([a-z0-9_+-]+)(?:::skin-tone-[2-6])?:/g,
    (typed, name) => emoji(name) ?? typed,
  );
}

/** Up to `limit` shortcodes for what was typed, those that begin with it and the usual ones first. */
export function findEmoji(typed, limit = 8) {
  const names = [...USUAL, ...[...TABLE.keys()].filter((name) => !USUAL.includes(name))];
  const begins = names.filter((name) => name.startsWith(typed));
  const holds = names.filter((name) => !name.startsWith(typed) && name.includes(typed));
  return [...begins, ...holds].slice(0, limit).map((name) => ({ name, char: TABLE.get(name) }));
}
